// The kinds of conversations in the sample traffic, and how often each is had.
import { concat, text, u32 } from './bytes.js';
import { type DnsType, dnsQuery, dnsResponse } from './dns-message.js';
import { downLink, gatewayOf, type Host, type Server, upLink } from './network.js';
import { arpFrame, echoFrame, udpFrame } from './packet.js';
import type { Random } from './random.js';
import type { Conversation, FlowLabel, Scene } from './scene.js';
import { TcpDialogue, type TcpPath } from './tcp-dialogue.js';

const msNs = 1e6;
const v6Share = 0.3;

function tcpPath(scene: Scene, serverPort: number): TcpPath {
  const { network, random } = scene;
  return { client: network.client(), server: network.server(), v6: random.chance(v6Share), serverPort };
}

/** A few requests, answers in bursts, pauses in which somebody reads; FIN, sometimes a RST. */
const web: Conversation = (scene, startNs) => {
  const { random } = scene;
  const secure = random.chance(0.7);
  const path = tcpPath(scene, secure ? 443 : 80);
  const tcp = new TcpDialogue(scene, path, startNs);
  tcp.open();
  if (secure) {
    tcp.send('client', tlsRecords(random, 22, 517));
    tcp.send('server', tlsRecords(random, 22, random.whole(2400, 4200)));
    tcp.send('client', tlsRecords(random, 20, 80));
  }
  const requests = random.whole(1, 4);
  for (let count = 0; count < requests; count++) {
    const body = Math.floor(random.heavyTailed(400, 60_000));
    tcp.send(
      'client',
      secure ? tlsRecords(random, 23, random.whole(200, 900)) : httpRequest(path.server as Server),
    );
    tcp.now += random.between(2, 40) * msNs;
    tcp.send('server', secure ? tlsRecords(random, 23, body) : httpResponse(random, body));
    tcp.now += random.exponential(1200 * msNs);
  }
  if (random.chance(0.12)) tcp.reset('client');
  else tcp.close(random.chance(0.5) ? 'client' : 'server');
};

/** A download on a bad line: retransmissions, losses before the probe, segments out of order. */
const lossyDownload: Conversation = (scene, startNs) => {
  const { random } = scene;
  const path = {
    ...tcpPath(scene, 443),
    loss: random.between(0.01, 0.06),
    reordering: random.between(0, 0.03),
  };
  const tcp = new TcpDialogue(scene, path, startNs);
  tcp.open();
  tcp.send('client', tlsRecords(random, 22, 517));
  tcp.send('server', tlsRecords(random, 23, random.whole(40_000, 250_000)));
  tcp.close('client');
};

/** Somebody types: small packets for minutes. */
const terminal: Conversation = (scene, startNs) => {
  const { random } = scene;
  const tcp = new TcpDialogue(scene, tcpPath(scene, 22), startNs);
  tcp.open();
  tcp.send('server', text('SSH-2.0-OpenSSH_9.2\r\n'));
  tcp.send('client', text('SSH-2.0-OpenSSH_9.6\r\n'));
  const keys = random.whole(20, 90);
  for (let count = 0; count < keys; count++) {
    tcp.now += random.exponential(1500 * msNs);
    tcp.send('client', random.bytes(36));
    tcp.send('server', random.bytes(random.pick([36, 36, 36, 120, 900])));
  }
  tcp.close('client');
};

const unansweredSyn: Conversation = (scene, startNs) => {
  const { network, random } = scene;
  const path = {
    client: network.client(),
    server: network.nobody(),
    v6: random.chance(v6Share),
    serverPort: 443,
  };
  new TcpDialogue(scene, path, startNs).callInVain(random.whole(1, 3));
};

const refused: Conversation = (scene, startNs) => {
  new TcpDialogue(scene, tcpPath(scene, scene.random.pick([23, 8080, 3389])), startNs).beRefused();
};

/** Names for both address families, as a stub resolver asks; some do not exist, some are never answered. */
const dns: Conversation = (scene, startNs) => {
  const { network, random } = scene;
  const client = network.client();
  const server = network.server();
  const outcome = random.unit();
  const name = outcome < 0.12 ? `no-${random.whole(1, 999)}.${server.name}` : server.name;
  const ends = { client, server: network.resolver, v6: random.chance(v6Share), serverPort: 53 };
  const types: DnsType[] = random.chance(0.8) ? ['A', 'AAAA'] : [random.pick<DnsType>(['MX', 'TXT', 'A'])];
  for (const type of types) {
    const question = { id: random.whole(0, 65535), name, type };
    const answer =
      type === 'A'
        ? server.v4
        : type === 'AAAA'
          ? server.v6
          : type === 'MX'
            ? `mx.${server.name}`
            : 'v=spf1 -all';
    const response = outcome < 0.12 ? dnsResponse(question, [], 3) : dnsResponse(question, [answer]);
    const reply = outcome > 0.96 ? undefined : response;
    exchange(
      scene,
      { ...ends, id: question.id },
      startNs + random.between(0, 300e3),
      dnsQuery(question),
      reply,
    );
  }
};

/** NTP version 4, client and server mode. */
const timeOfDay: Conversation = (scene, startNs) => {
  const { network, random } = scene;
  const stamps = concat(u32(random.uint32()), u32(random.uint32()));
  const message = (first: number) => concat([first, 2, 6, 0xe9], new Uint8Array(36), stamps);
  const ends = {
    client: network.client(),
    server: network.clock,
    v6: random.chance(v6Share),
    serverPort: 123,
  };
  exchange(scene, ends, startNs, message(0x23), message(0x24));
};

/** One datagram, and perhaps one back. */
function exchange(
  scene: Scene,
  ends: { client: Host; server: Host; v6: boolean; serverPort: number; id?: number },
  startNs: number,
  question: Uint8Array,
  answer: Uint8Array | undefined,
): void {
  const { client, server, serverPort } = ends;
  const [src, dst] = ends.v6 ? [client.v6, server.v6] : [client.v4, server.v4];
  const srcPort = scene.network.port();
  const id = scene.random.whole(0, 65535);
  const flow: FlowLabel = {
    kind: 'ip',
    protocol: 17,
    src,
    dst,
    srcPort,
    dstPort: serverPort,
    ...(ends.id !== undefined && { id: ends.id }),
  };
  const ask = udpFrame(upLink(client), { src, dst, id }, { srcPort, dstPort: serverPort, payload: question });
  scene.emit(startNs, ask, flow, true);
  if (!answer) return;
  const back = { src: dst, dst: src, ttl: 58, id: id ^ 0x5555 };
  const tell = udpFrame(downLink(client), back, { srcPort: serverPort, dstPort: srcPort, payload: answer });
  scene.emit(startNs + 2 * server.delayNs * scene.random.between(1, 1.3), tell, flow, false);
}

/** One echo a second; some get no reply, some hosts never reply. */
const ping: Conversation = (scene, startNs) => {
  const { network, random } = scene;
  const client = network.client();
  const server = random.chance(0.15) ? network.nobody() : network.server();
  const dead = !('name' in server);
  const v6 = random.chance(0.4);
  const [src, dst] = v6 ? [client.v6, server.v6] : [client.v4, server.v4];
  const id = random.whole(1, 65535);
  const flow: FlowLabel = { kind: 'ip', protocol: v6 ? 58 : 1, src, dst, srcPort: 0, dstPort: 0, id };
  const count = random.whole(3, 12);
  for (let sequence = 1; sequence <= count; sequence++) {
    const atNs = startNs + (sequence - 1) * 1e9 + random.between(0, 2e5);
    scene.emit(
      atNs,
      echoFrame(upLink(client), { src, dst, id: sequence }, 'request', id, sequence),
      flow,
      true,
    );
    if (dead || random.chance(0.03)) continue;
    const back = echoFrame(
      downLink(client),
      { src: dst, dst: src, ttl: 54, id: sequence },
      'reply',
      id,
      sequence,
    );
    scene.emit(atNs + 2 * server.delayNs * random.between(1, 1.2), back, flow, false);
  }
};

/** A client asks for the MAC of its gateway. */
const arp: Conversation = (scene, startNs) => {
  const client = scene.network.client();
  const gateway = gatewayOf(client);
  const flow: FlowLabel = {
    kind: 'arp',
    protocol: 0,
    src: client.v4,
    dst: gateway.v4,
    srcPort: 0,
    dstPort: 0,
  };
  const asked = {
    senderMac: client.mac,
    sender: client.v4,
    targetMac: '00:00:00:00:00:00',
    target: gateway.v4,
  };
  const told = { senderMac: gateway.mac, sender: gateway.v4, targetMac: client.mac, target: client.v4 };
  const broadcast = { ...upLink(client), dstMac: 'ff:ff:ff:ff:ff:ff' };
  scene.emit(startNs, arpFrame(broadcast, { operation: 'request', ...asked }), flow, true);
  const replyNs = startNs + scene.random.between(60e3, 400e3);
  scene.emit(replyNs, arpFrame(downLink(client), { operation: 'reply', ...told }), flow, false);
};

function httpRequest(server: Server): Uint8Array {
  return text(
    `GET /index.html HTTP/1.1\r\nHost: ${server.name}\r\nUser-Agent: sample\r\nAccept: */*\r\n\r\n`,
  );
}

function httpResponse(random: Random, length: number): Uint8Array {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${length}\r\n\r\n`;
  return concat(text(head), random.bytes(length));
}

/** Looks like TLS from outside: record headers, noise between them. */
function tlsRecords(random: Random, type: number, length: number): Uint8Array {
  const records: Uint8Array[] = [];
  for (let rest = length; rest > 0; rest -= 16384) {
    const body = random.bytes(Math.min(rest, 16384));
    records.push(concat([type, 3, 3, body.length >> 8, body.length & 255], body));
  }
  return concat(...records);
}

export const conversations = {
  web,
  lossyDownload,
  terminal,
  unansweredSyn,
  refused,
  dns,
  timeOfDay,
  ping,
  arp,
} satisfies Record<string, Conversation>;

export type ConversationName = keyof typeof conversations;

/** Shares in percent; a conversation has about 20 packets with these. */
const shares: Record<ConversationName, number> = {
  web: 34,
  dns: 36,
  ping: 9,
  arp: 7,
  timeOfDay: 4,
  unansweredSyn: 4,
  lossyDownload: 3,
  refused: 2,
  terminal: 1,
};

export function pickConversation(random: Random): Conversation {
  let rest = random.between(0, 100);
  for (const [name, share] of Object.entries(shares)) {
    rest -= share;
    if (rest < 0) return conversations[name as ConversationName];
  }
  return web;
}
