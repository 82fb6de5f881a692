// Community ids as the specification's test vectors have them (github.com/corelight/community-id-spec, seed 0).
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/record/address.js';
import { communityId } from '../../../src/record/community-id.js';
import { findField } from '../../../src/record/fields.js';
import { sha1 } from '../../../src/record/sha1.js';
import { icmpRow, makeBatch, type Row, tcpRow } from '../support/batches.js';

function id(protocol: number, src: string, dst: string, srcPort: number, dstPort: number): string {
  const address = (text: string) => parseAddress(text) as Uint8Array;
  return communityId({ protocol, src: address(src), dst: address(dst), srcPort, dstPort });
}

const cid = (row: Row) => findField('cid')?.read(makeBatch([row]))(0);

describe('sha1', () => {
  it.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000])('agrees with node for %i bytes', (size) => {
    const message = Uint8Array.from({ length: size }, (_, index) => index * 7);
    expect(Buffer.from(sha1(message)).toString('hex')).toBe(createHash('sha1').update(message).digest('hex'));
  });
});

describe('communityId', () => {
  it.each([
    [6, '128.232.110.120', '66.35.250.204', 34855, 80, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    [17, '192.168.1.52', '8.8.8.8', 54585, 53, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
    [1, '192.168.0.89', '192.168.0.1', 8, 0, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
    [58, 'fe80::200:86ff:fe05:80da', 'fe80::260:97ff:fe07:69ea', 135, 0, '1:dGHyGvjMfljg6Bppwm3bg0LO8TY='],
  ])(
    'agrees with the specification for protocol %i %s > %s',
    (protocol, src, dst, srcPort, dstPort, expected) => {
      expect(id(protocol, src, dst, srcPort, dstPort)).toBe(expected);
    },
  );

  it('is the same from either side', () => {
    expect(id(6, '66.35.250.204', '128.232.110.120', 80, 34855)).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
    expect(id(1, '192.168.0.1', '192.168.0.89', 0, 0)).toBe('1:X0snYXpgwiv9TZtqg64sgzUn6Dk=');
    expect(id(17, '10.0.0.1', '10.0.0.1', 5, 6)).toBe(id(17, '10.0.0.1', '10.0.0.1', 6, 5));
  });

  it('keeps the direction of ICMP that is not answered', () => {
    expect(id(1, '10.0.0.2', '10.0.0.1', 3, 1)).not.toBe(id(1, '10.0.0.1', '10.0.0.2', 3, 1));
  });
});

describe('the field cid', () => {
  it('is the id of the record', () => {
    const row = tcpRow({ srcAddress: '128.232.110.120', dstAddress: '66.35.250.204', srcPort: 34855 });
    expect(cid(row)).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
  });

  it('is the id of the request where only the answer was seen first', () => {
    const ends = { srcAddress: '192.168.0.89', dstAddress: '192.168.0.1' };
    expect(cid(icmpRow(ends))).toBe('1:X0snYXpgwiv9TZtqg64sgzUn6Dk=');
    expect(cid(icmpRow({ ...ends, icmpType: 0, evidence: 3 }))).toBe('1:X0snYXpgwiv9TZtqg64sgzUn6Dk=');
  });

  it('is missing without IP', () => {
    expect(cid({ kind: 3, srcAddress: '10.0.0.1', dstAddress: '10.0.0.2' })).toBeUndefined();
  });
});
