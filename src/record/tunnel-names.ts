// Names of tunnels, as fields print them and filters read them. Neighbour: columns.ts, whose numbers they name.
import { TunnelType } from './columns.js';

const names: readonly (readonly [number, string])[] = [
  [TunnelType.ipip, 'ipip'],
  [TunnelType.sixin4, '6in4'],
  [TunnelType.fourin6, '4in6'],
  [TunnelType.sixin6, '6in6'],
  [TunnelType.gre, 'gre'],
  [TunnelType.pptp, 'pptp'],
  [TunnelType.nvgre, 'nvgre'],
  [TunnelType.erspan, 'erspan'],
  [TunnelType.vxlan, 'vxlan'],
  [TunnelType.vxlanGpe, 'vxlan-gpe'],
  [TunnelType.geneve, 'geneve'],
  [TunnelType.gtp, 'gtp'],
  [TunnelType.l2tp, 'l2tp'],
  [TunnelType.teredo, 'teredo'],
  [TunnelType.ayiya, 'ayiya'],
  [TunnelType.mplsUdp, 'mpls-udp'],
  [TunnelType.mplsIp, 'mpls-ip'],
  [TunnelType.etherip, 'etherip'],
  [TunnelType.ah, 'ah'],
  [TunnelType.espNull, 'esp-null'],
];
const nameByType: ReadonlyMap<number, string> = new Map(names);
const typeByName: ReadonlyMap<string, number> = new Map(names.map(([type, name]) => [name, type]));

/** `vxlan`, `6in4` ...; a type that this version does not know is its number as text. */
export function tunnelName(type: number): string {
  return nameByType.get(type) ?? String(type);
}

export function tunnelType(name: string): number | undefined {
  return typeByName.get(name.toLowerCase());
}

/** The names that `tunnelType` knows. */
export const knownTunnels: readonly string[] = [...typeByName.keys()];
