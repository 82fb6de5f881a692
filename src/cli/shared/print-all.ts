// A command whose whole output is one text: writes it to stdout and gives the exit code.
import { exitDone, reportError } from './report.js';
import { TextOutput } from './text-output.js';

export async function printAll(command: string, text: string): Promise<number> {
  let code = exitDone;
  const output = new TextOutput(process.stdout, (error) => {
    if (error) code = reportError(command, error);
  });
  await output.write(text);
  await output.end();
  return code;
}
