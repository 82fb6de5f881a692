// Counts what passed, failed and was skipped, and says a line for each stage.
import { say } from './project.mjs';

export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** One stage's result; `details` is shown when something failed. */
  add(stage, { passed = 0, failed = 0, skipped = 0, note = '', details = '' }, begunMs) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
    if (failed > 0 && details.trim() !== '') say(details.trimEnd());
    const seconds = ((Date.now() - begunMs) / 1000).toFixed(0);
    const words = [`${passed} passed`];
    if (failed > 0) words.push(`${failed} failed`);
    if (skipped > 0) words.push(`${skipped} skipped`);
    say(
      `${failed > 0 ? 'FAIL' : 'ok  '} ${stage.padEnd(22)} ${words.join(', ')}${note && ` (${note})`}, ${seconds} s`,
    );
  }

  /** A check that is one thing: it worked or not. */
  addOne(stage, good, details, begunMs, note) {
    this.add(stage, { passed: good ? 1 : 0, failed: good ? 0 : 1, details, note }, begunMs);
  }

  summary() {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}
