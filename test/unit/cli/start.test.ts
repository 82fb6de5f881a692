import { expect, test } from 'vitest';
import { greeting } from '../../../src/cli/start.js';

const bind = 'localhost';

test('says in three lines what is measured, where it is served and what to type next', () => {
  const lines = greeting({ what: undefined, bind, port: 561, wanted: 561 }).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('sample traffic');
  expect(lines[1]).toBe('Serving the records on port 561 of localhost');
  expect(lines[2]).toContain('npx panoptes ra -S localhost -n');
});

test('says when another port was taken, and names it in what to type next', () => {
  const text = greeting({ what: 'eth0 and eth1', bind, port: 5561, wanted: 561 });
  expect(text).toContain('Measuring eth0 and eth1\n');
  expect(text).toContain('port 5561 of localhost, because this user may not open port 561');
  expect(text).toContain('ra -S localhost:5561 -n');
});

test('names the address that was bound where localhost would not reach it', () => {
  expect(greeting({ what: 'eth0', bind: '192.0.2.1', port: 561, wanted: 561 })).toContain('-S 192.0.2.1 -n');
  expect(greeting({ what: 'eth0', bind: '2001:db8::1', port: 7000, wanted: 7000 })).toContain(
    '-S [2001:db8::1]:7000 -n',
  );
  expect(greeting({ what: 'eth0', bind: '0.0.0.0', port: 561, wanted: 561 })).toContain('-S localhost -n');
});
