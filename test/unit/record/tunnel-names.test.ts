// Tunnels have the same numbers in the decoder, the schema and here, and each one has a name.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TunnelType } from '../../../src/record/columns.js';
import { knownTunnels, tunnelName, tunnelType } from '../../../src/record/tunnel-names.js';

const header = readFileSync(new URL('../../../native/decode/packet.h', import.meta.url), 'utf8');

describe('tunnels', () => {
  it('count as the decoder does', () => {
    const body = /enum class TunnelType[^{]*\{(.*?)\}/s.exec(header)?.[1] ?? '';
    const names = body
      .replaceAll(/\/\/.*$/gm, '')
      .split(',')
      .map((name) => name.trim().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))
      .filter((name) => name !== '');
    expect(names.length).toBeGreaterThan(20);
    expect(Object.fromEntries(names.map((name, number) => [name, number]))).toEqual(TunnelType);
  });

  it('have one name each, which leads back to them', () => {
    const types = Object.values(TunnelType).filter((type) => type !== TunnelType.none);
    expect(new Set(types.map(tunnelName)).size).toBe(types.length);
    for (const type of types) expect(tunnelType(tunnelName(type))).toBe(type);
    expect(knownTunnels).toHaveLength(types.length);
  });

  it('that nobody knows have none', () => {
    expect(tunnelName(250)).toBe('250');
    expect(tunnelType('wormhole')).toBeUndefined();
    expect(tunnelType('VXLAN')).toBe(TunnelType.vxlan);
  });
});
