import path from 'node:path';
import { start } from './program';

start(path.join(__dirname, 'worker.js'));
