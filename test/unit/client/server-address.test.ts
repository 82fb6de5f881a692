import { describe, expect, it } from 'vitest';
import { parseServer, printServer } from '../../../src/client/server-address.js';

describe('parseServer', () => {
  it.each([
    ['localhost', 'ws://localhost:561/v1/stream'],
    [' sensor ', 'ws://sensor:561/v1/stream'],
    ['sensor:5561', 'ws://sensor:5561/v1/stream'],
    ['192.0.2.7:80', 'ws://192.0.2.7/v1/stream'],
    ['[2001:db8::1]:20561', 'ws://[2001:db8::1]:20561/v1/stream'],
    ['[::1]', 'ws://[::1]:561/v1/stream'],
    ['::1', 'ws://[::1]:561/v1/stream'],
    ['ws://sensor', 'ws://sensor:561/v1/stream'],
    ['ws://sensor:80/', 'ws://sensor/v1/stream'],
    ['WSS://sensor', 'wss://sensor:561/v1/stream'],
    ['wss://gate:443/probes/3', 'wss://gate/probes/3'],
  ])('reads %s', (text, url) => {
    expect(parseServer(text).href).toBe(url);
  });

  it.each([
    ['', 'no host'],
    [':561', 'no host'],
    ['[]:561', 'no host'],
    ['sensor:0', "'0' is no port"],
    ['sensor:65536', "'65536' is no port"],
    ['sensor:http', "'http' is no port"],
    ['sensor:', "'' is no port"],
    ['argus://sensor:561', "unknown scheme 'argus'"],
    ['me:secret@sensor', 'no port'],
    ['ws://me@sensor', 'user name'],
    ['two words', 'no name of a host'],
    ['::zz', 'no name of a host'],
    ['ws://sensor/#x', '#'],
  ])('refuses %j and says why', (text, why) => {
    expect(() => parseServer(text)).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(why) }),
    );
  });
});

describe('printServer', () => {
  it.each(['sensor:561', 'sensor:80', '[::1]:5561', 'wss://gate:443/probes/3'])(
    'writes %s as it was given',
    (text) => {
      expect(printServer(parseServer(text))).toBe(text);
    },
  );
});
