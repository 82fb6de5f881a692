// What three tools say of the TCP connections of one capture, and where they differ. Each number is summed over the
// capture. Before it: records of `panoptes ra`, the JSON of tshark's fields and the CSV of argus's records that lie
// beside the captures; after it: scripts/truth.mjs.

const sumOf = (rows, read) => rows.reduce((sum, row) => sum + (read(row) || 0), 0);

/** Of a CSV with a header line and no quotes. */
export function csvRows(text) {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, (cells[index] ?? '').trim()]));
  });
}

/** The lines of each tool that are about TCP: our records (of TCP alone), tshark's directions, argus's records. */
export function tcpParts({ records, truth, argus }) {
  const streams = truth.tcp_streams ?? [];
  return {
    ours: records,
    streams,
    tshark: streams.flatMap(({ a_to_b, b_to_a }) => [a_to_b, b_to_a].filter(Boolean)),
    argus: argus.filter(({ Proto }) => Proto === 'tcp'),
  };
}

const both = (name) => (record) => (record[`s${name}`] ?? 0) + (record[`d${name}`] ?? 0);

/** quantity -> how each tool counts it; undefined: it does not. */
const quantities = {
  'sent again': {
    ours: (r) => both('retrans')(r) + both('lostup')(r),
    tshark: (d) => d.retransmission,
    argus: (r) => Number(r.SrcLoss) + Number(r.DstLoss),
  },
  spurious: { ours: both('spur'), tshark: (d) => d.spurious_retransmission },
  'out of order': { ours: both('ooo'), tshark: (d) => d.out_of_order },
  // Bytes; tshark counts segments.
  gaps: {
    ours: both('gap'),
    tshark: (d) => d.lost_segment,
    argus: (r) => Number(r.SrcGap) + Number(r.DstGap),
  },
  'keep-alives': {
    ours: both('keep'),
    tshark: (d) => (d.keep_alive ?? 0) + (d.zero_window_probe ?? 0),
  },
  'zero windows': { ours: both('zwin'), tshark: (d) => d.zero_window },
};

/** `a > b` with the smaller end first, and seconds. */
const handshakes = {
  ours: ({ ours }) =>
    ours
      .filter((r) => r.tcprtt !== undefined)
      .map((r) => [pair(end(r.saddr, r.sport), end(r.daddr, r.dport)), r.tcprtt]),
  tshark: ({ streams }) =>
    streams.filter((s) => s.initial_rtt > 0).map((s) => [pair(plainEnd(s.a), plainEnd(s.b)), s.initial_rtt]),
  argus: ({ argus }) =>
    argus
      .filter((r) => Number(r.TcpRtt) > 0)
      .map((r) => [pair(end(r.SrcAddr, r.Sport), end(r.DstAddr, r.Dport)), Number(r.TcpRtt)]),
};

function plainAddress(address) {
  return address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
const end = (address, port) => `${plainAddress(address)}:${port}`;
function plainEnd(text) {
  const colon = text.lastIndexOf(':');
  return end(text.slice(0, colon), text.slice(colon + 1));
}
const pair = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`);

const microsecond = 1.5e-6; // argus rounds

/** How many of `theirs` have no equal among `ours`, and are so without one. */
function unequal(ours, theirs) {
  const left = new Map();
  for (const [ends, seconds] of ours) left.set(ends, [...(left.get(ends) ?? []), seconds]);
  return theirs.filter(([ends, seconds]) => {
    const open = left.get(ends) ?? [];
    const at = open.findIndex((own) => Math.abs(own - seconds) <= microsecond);
    if (at < 0) return true;
    open.splice(at, 1);
    return false;
  }).length;
}

function handshakeRow(parts) {
  const ours = handshakes.ours(parts);
  const text = (theirs) => {
    const [extra, missing] = [unequal(ours, theirs), unequal(theirs, ours)];
    return extra + missing === 0 ? `${theirs.length}` : `${theirs.length}, ${theirs.length - extra} the same`;
  };
  return {
    quantity: 'handshakes timed',
    ours: `${ours.length}`,
    tshark: text(handshakes.tshark(parts)),
    argus: text(handshakes.argus(parts)),
  };
}

/**
 * The rows of one capture in which the tools differ: { quantity, ours, tshark, argus }, as text; '-' where a tool has
 * no such number, or did not read the file (argus without records).
 */
export function rowsOf(input) {
  const parts = tcpParts(input);
  if (parts.ours.length === 0 && parts.streams.length === 0) return [];
  const argusRead = input.argus.length > 0;
  const rows = Object.entries(quantities).map(([quantity, read]) => ({
    quantity,
    ours: `${sumOf(parts.ours, read.ours)}`,
    tshark: `${sumOf(parts.tshark, read.tshark)}`,
    argus: read.argus && argusRead ? `${sumOf(parts.argus, read.argus)}` : '-',
  }));
  const handshake = handshakeRow(parts);
  rows.push(argusRead ? handshake : { ...handshake, argus: '-' });
  return rows.filter(({ ours, tshark, argus }) => ours !== tshark || (argus !== '-' && argus !== ours));
}
