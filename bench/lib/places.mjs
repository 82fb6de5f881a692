// Where things are, and the words on stderr: stdout belongs to the table or the JSON.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const benchFolder = dirname(dirname(fileURLToPath(import.meta.url)));
export const root = dirname(benchFolder);
export const toolFolder = join(root, 'build', 'bench');
export const cliPath = join(root, 'dist', 'command', 'main.cjs');

export const say = (line) => process.stderr.write(`${line}\n`);
