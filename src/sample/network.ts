// Who takes part in the sample traffic: clients behind the probe's link, servers beyond it, both from the
// documentation ranges and changing over time. Conversations pick their ends here.
import type { Link } from './packet.js';
import type { Random } from './random.js';

export interface Host {
  readonly mac: string;
  readonly v4: string;
  readonly v6: string;
  /** 802.1Q id of its link; 0: untagged. */
  readonly vlan: number;
  /** One way between host and probe, ns. */
  readonly delayNs: number;
}

export interface Server extends Host {
  readonly name: string;
}

const gatewayMac = '02:50:41:4e:00:01';
const serverNets = ['192.0.2', '198.51.100', '203.0.113'];
const words = [
  'www',
  'api',
  'static',
  'mail',
  'shop',
  'news',
  'maps',
  'media',
  'login',
  'docs',
  'cdn',
  'git',
];
const domains = ['example.com', 'example.net', 'example.org'];

/** RTTs from the probe to its servers, ms: a data centre next door to another continent. */
const serverRttMs = [2, 8, 12, 18, 25, 35, 60, 90, 140, 220];

/** A pool of hosts in which somebody leaves and somebody comes every few seconds. */
export class Network {
  readonly #random: Random;
  readonly #clients: Host[] = [];
  readonly #servers: Server[] = [];
  readonly resolver: Server;
  readonly clock: Server;
  #hostsMade = 0;
  #port = 32768;

  constructor(random: Random) {
    this.#random = random;
    for (let count = 0; count < 24; count++) this.#clients.push(this.#makeClient());
    for (let count = 0; count < 30; count++) this.#servers.push(this.#makeServer());
    this.resolver = server('resolver.example.net', '192.0.2.53', '2001:db8:53::53', 1.2e6);
    this.clock = server('time.example.org', '198.51.100.123', '2001:db8:123::123', 9e6);
  }

  /** One client is replaced, now and then a server too. */
  drift(): void {
    this.#clients[this.#random.whole(0, this.#clients.length - 1)] = this.#makeClient();
    if (this.#random.chance(0.3)) {
      this.#servers[this.#random.whole(0, this.#servers.length - 1)] = this.#makeServer();
    }
  }

  client(): Host {
    return this.#random.pick(this.#clients);
  }

  /** Few servers get most of the visits. */
  server(): Server {
    const rank = Math.floor(this.#servers.length * this.#random.unit() ** 2);
    return this.#servers[rank] as Server;
  }

  /** An address where nobody answers. */
  nobody(): Host {
    const last = this.#random.whole(200, 250);
    return host(gatewayMac, `203.0.113.${last}`, `2001:db8:dead::${last.toString(16)}`, 0, 30e6);
  }

  /** Ports of clients count up and come back after 28 000 conversations. */
  port(): number {
    this.#port = this.#port >= 60999 ? 32768 : this.#port + 1;
    return this.#port;
  }

  #makeClient(): Host {
    const number = this.#hostsMade++;
    const vlan = number % 5 === 4 ? 20 : 0;
    const high = (number >> 8) & 255;
    const low = 10 + (number % 240);
    const mac = `02:00:0a:${hex(vlan)}:${hex(high)}:${hex(low)}`;
    const subnet = high === 0 ? '' : `:${high.toString(16)}`;
    const v6 = `2001:db8:${vlan === 0 ? 'a' : 'b'}${subnet}::${low.toString(16)}`;
    return host(mac, `10.${vlan === 0 ? 1 : 20}.${high}.${low}`, v6, vlan, this.#random.between(50e3, 1.5e6));
  }

  #makeServer(): Server {
    const last = this.#random.whole(10, 199);
    const net = this.#random.whole(0, serverNets.length - 1);
    const name = `${this.#random.pick(words)}${last}.${domains[net]}`;
    const rttMs = this.#random.pick(serverRttMs) * this.#random.between(0.9, 1.1);
    return server(
      name,
      `${serverNets[net]}.${last}`,
      `2001:db8:${net + 1}::${last.toString(16)}`,
      rttMs * 5e5,
    );
  }
}

/** The frame's link from a client to the gateway. */
export function upLink(client: Host): Link {
  return tagged({ srcMac: client.mac, dstMac: gatewayMac }, client);
}

/** The frame's link from the gateway to a client. */
export function downLink(client: Host): Link {
  return tagged({ srcMac: gatewayMac, dstMac: client.mac }, client);
}

/** The gateway's address on a client's link, and its MAC. */
export function gatewayOf(client: Host): { readonly v4: string; readonly mac: string } {
  return { v4: client.v4.replace(/\.\d+$/, '.1'), mac: gatewayMac };
}

function tagged(link: Link, client: Host): Link {
  return client.vlan === 0 ? link : { ...link, vlans: [client.vlan] };
}

function host(mac: string, v4: string, v6: string, vlan: number, delayNs: number): Host {
  return { mac, v4, v6, vlan, delayNs };
}

function server(name: string, v4: string, v6: string, delayNs: number): Server {
  return { ...host(gatewayMac, v4, v6, 0, delayNs), name };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
