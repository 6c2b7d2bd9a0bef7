import path from 'node:path';
import { program } from './program';

program(path.join(__dirname, 'worker.js'));
