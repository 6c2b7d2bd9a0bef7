import path from 'node:path';
import type { FileText } from '../core/io';
import { createFiles } from './files';

/** A policy file that the user names: it may lie anywhere. */
export function readPolicyFile(absolute: string): Promise<FileText> {
  return createFiles(path.dirname(absolute)).read(path.basename(absolute));
}
