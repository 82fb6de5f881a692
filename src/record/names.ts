// Names of protocols, ethertypes and well-known services, as argus and IANA write them. Neighbours: the field table
// prints them, the filter reads them.

// IANA protocol numbers (assigned internet protocol numbers), the ones in use.
const protocolNames: ReadonlyMap<number, string> = new Map([
  [0, 'hopopt'],
  [1, 'icmp'],
  [2, 'igmp'],
  [3, 'ggp'],
  [4, 'ipv4'],
  [6, 'tcp'],
  [8, 'egp'],
  [9, 'igp'],
  [17, 'udp'],
  [27, 'rdp'],
  [33, 'dccp'],
  [41, 'ipv6'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [46, 'rsvp'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'ipv6-icmp'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [88, 'eigrp'],
  [89, 'ospf'],
  [94, 'ipip'],
  [97, 'etherip'],
  [98, 'encap'],
  [103, 'pim'],
  [108, 'ipcomp'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [124, 'isis'],
  [132, 'sctp'],
  [133, 'fc'],
  [135, 'mobility-header'],
  [136, 'udplite'],
  [137, 'mpls-in-ip'],
  [139, 'hip'],
  [140, 'shim6'],
  [143, 'ethernet'],
]);

const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ...[...protocolNames].map(([number, name]) => [name, number] as const),
  ['icmp6', 58],
  ['icmpv6', 58],
]);

/** Lower-case IANA name, or the number as text. */
export function protocolName(protocol: number): string {
  return protocolNames.get(protocol) ?? String(protocol);
}

export function protocolNumber(name: string): number | undefined {
  return protocolNumbers.get(name.toLowerCase());
}

/** The names that `protocolNumber` knows. */
export const knownProtocols: readonly string[] = [...protocolNumbers.keys()];

// Ethertypes; below 1536 LLC: DSAP << 8 | SSAP.
const ethertypeNames: ReadonlyMap<number, string> = new Map([
  [0x0800, 'ip'],
  [0x0806, 'arp'],
  [0x0842, 'wol'],
  [0x2000, 'cdp'],
  [0x22f0, 'avtp'],
  [0x6003, 'decnet'],
  [0x8035, 'rarp'],
  [0x809b, 'atalk'],
  [0x80f3, 'aarp'],
  [0x8100, 'vlan'],
  [0x8137, 'ipx'],
  [0x86dd, 'ipv6'],
  [0x8808, 'pause'],
  [0x8809, 'lacp'],
  [0x8847, 'mpls'],
  [0x8848, 'mpls-mc'],
  [0x8863, 'pppoe-d'],
  [0x8864, 'pppoe'],
  [0x888e, 'eapol'],
  [0x8892, 'profinet'],
  [0x88a4, 'ethercat'],
  [0x88a8, 'qinq'],
  [0x88cc, 'lldp'],
  [0x88e1, 'homeplug'],
  [0x88e5, 'macsec'],
  [0x88f7, 'ptp'],
  [0x8902, 'cfm'],
  [0x8906, 'fcoe'],
  [0x8914, 'fip'],
  [0x9000, 'loop'],
  [0x0000, 'null'],
  [0x4242, 'stp'],
  [0xaaaa, 'snap'],
  [0xe0e0, 'ipx'],
  [0xf0f0, 'netbeui'],
  [0xfefe, 'isis'],
  [0xffff, 'ipx'],
]);

/** Name of an ethertype or LLC pair, or as hex. */
export function ethertypeName(ethertype: number): string {
  return ethertypeNames.get(ethertype) ?? `0x${ethertype.toString(16).padStart(4, '0')}`;
}

// Services by port: [port, name, protocols]. The names of /etc/services, for reading and for `port http`.
type Transport = 'tcp' | 'udp';
const services: readonly (readonly [number, string, readonly Transport[]])[] = [
  [7, 'echo', ['tcp', 'udp']],
  [9, 'discard', ['tcp', 'udp']],
  [13, 'daytime', ['tcp', 'udp']],
  [19, 'chargen', ['tcp', 'udp']],
  [20, 'ftp-data', ['tcp']],
  [21, 'ftp', ['tcp']],
  [22, 'ssh', ['tcp']],
  [23, 'telnet', ['tcp']],
  [25, 'smtp', ['tcp']],
  [37, 'time', ['tcp', 'udp']],
  [43, 'whois', ['tcp']],
  [49, 'tacacs', ['tcp', 'udp']],
  [53, 'domain', ['tcp', 'udp']],
  [67, 'bootps', ['udp']],
  [68, 'bootpc', ['udp']],
  [69, 'tftp', ['udp']],
  [79, 'finger', ['tcp']],
  [80, 'http', ['tcp']],
  [88, 'kerberos', ['tcp', 'udp']],
  [110, 'pop3', ['tcp']],
  [111, 'sunrpc', ['tcp', 'udp']],
  [113, 'auth', ['tcp']],
  [119, 'nntp', ['tcp']],
  [123, 'ntp', ['udp']],
  [135, 'epmap', ['tcp']],
  [137, 'netbios-ns', ['udp']],
  [138, 'netbios-dgm', ['udp']],
  [139, 'netbios-ssn', ['tcp']],
  [143, 'imap2', ['tcp']],
  [161, 'snmp', ['tcp', 'udp']],
  [162, 'snmp-trap', ['tcp', 'udp']],
  [179, 'bgp', ['tcp']],
  [389, 'ldap', ['tcp', 'udp']],
  [427, 'svrloc', ['tcp', 'udp']],
  [443, 'https', ['tcp', 'udp']],
  [445, 'microsoft-ds', ['tcp', 'udp']],
  [465, 'submissions', ['tcp']],
  [500, 'isakmp', ['udp']],
  [512, 'exec', ['tcp']],
  [513, 'login', ['tcp']],
  [514, 'syslog', ['udp']],
  [515, 'printer', ['tcp']],
  [520, 'route', ['udp']],
  [546, 'dhcpv6-client', ['udp']],
  [547, 'dhcpv6-server', ['udp']],
  [554, 'rtsp', ['tcp', 'udp']],
  [561, 'monitor', ['tcp', 'udp']],
  [587, 'submission', ['tcp']],
  [631, 'ipp', ['tcp']],
  [636, 'ldaps', ['tcp', 'udp']],
  [853, 'domain-s', ['tcp', 'udp']],
  [873, 'rsync', ['tcp']],
  [989, 'ftps-data', ['tcp']],
  [990, 'ftps', ['tcp']],
  [993, 'imaps', ['tcp']],
  [995, 'pop3s', ['tcp']],
  [1080, 'socks', ['tcp']],
  [1194, 'openvpn', ['tcp', 'udp']],
  [1433, 'ms-sql-s', ['tcp']],
  [1521, 'oracle', ['tcp']],
  [1701, 'l2f', ['udp']],
  [1812, 'radius', ['tcp', 'udp']],
  [1813, 'radius-acct', ['tcp', 'udp']],
  [1883, 'mqtt', ['tcp']],
  [1900, 'ssdp', ['udp']],
  [2049, 'nfs', ['tcp', 'udp']],
  [2055, 'iop', ['udp']],
  [3128, 'squid', ['tcp']],
  [3306, 'mysql', ['tcp']],
  [3389, 'ms-wbt-server', ['tcp']],
  [3478, 'stun', ['tcp', 'udp']],
  [4500, 'ipsec-nat-t', ['udp']],
  [4789, 'vxlan', ['udp']],
  [5060, 'sip', ['tcp', 'udp']],
  [5061, 'sip-tls', ['tcp', 'udp']],
  [5222, 'xmpp-client', ['tcp']],
  [5353, 'mdns', ['udp']],
  [5355, 'hostmon', ['tcp', 'udp']],
  [5432, 'postgresql', ['tcp']],
  [5671, 'amqps', ['tcp']],
  [5672, 'amqp', ['tcp']],
  [5900, 'vnc', ['tcp']],
  [6081, 'geneve', ['udp']],
  [6379, 'redis', ['tcp']],
  [6514, 'syslog-tls', ['tcp']],
  [6667, 'ircd', ['tcp']],
  [8080, 'http-alt', ['tcp']],
  [8883, 'secure-mqtt', ['tcp']],
  [9100, 'jetdirect', ['tcp']],
  [11211, 'memcached', ['tcp']],
  [27017, 'mongodb', ['tcp']],
];

const serviceNames = { tcp: new Map<number, string>(), udp: new Map<number, string>() };
const servicePorts = new Map<string, number>();
for (const [port, name, transports] of services) {
  for (const transport of transports) serviceNames[transport].set(port, name);
  servicePorts.set(name, port);
}
servicePorts.set('dns', 53).set('imap', 143).set('rdp', 3389);

/** Name of a service; nothing if the port has none with this IP protocol. */
export function serviceName(port: number, protocol: number | undefined): string | undefined {
  if (protocol === 6) return serviceNames.tcp.get(port);
  return protocol === 17 ? serviceNames.udp.get(port) : undefined;
}

export function servicePort(name: string): number | undefined {
  return servicePorts.get(name.toLowerCase());
}

/** The names that `servicePort` knows. */
export const knownServices: readonly string[] = [...servicePorts.keys()];
