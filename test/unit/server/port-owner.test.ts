import { describe, expect, it } from 'vitest';
import { listeners } from '../../../src/server/port-owner.js';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0231 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 24158 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0231 0100007F:C5B2 01 00000000:00000000 00:00000000 00000000     0        0 24160 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17701 1 0000000000000000 100 0 0 10 0
`;

describe('listeners', () => {
  it('finds the socket that listens on a port, not those that are connected to it', () => {
    expect(listeners(table, 561)).toEqual(['24158']);
    expect(listeners(table, 22)).toEqual(['17701']);
    expect(listeners(table, 5561)).toEqual([]);
  });
});
