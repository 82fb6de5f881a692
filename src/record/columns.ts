// Names and ids of the schema's columns, and what it means that one is left out. Neighbours: the batches of
// flow-batch.ts above, proto/panoptes.proto (enum ColumnId) below; a test keeps this table equal to it.

/** One column: a `counter` is 0 where it is left out, every other column is missing there. */
export interface ColumnInfo {
  readonly id: number;
  readonly counter: boolean;
  /** The column holds doubles: stored ones (width 9) or `base_float`. */
  readonly float: boolean;
}

const counter = (id: number): ColumnInfo => ({ id, counter: true, float: false });
const optional = (id: number): ColumnInfo => ({ id, counter: false, float: false });
const float = (id: number): ColumnInfo => ({ id, counter: false, float: true });

/** Every column that this version reads; units and meaning stand in the schema. */
export const columns = {
  flowId: counter(1),
  cause: counter(2),
  reason: counter(3),
  kind: counter(4),
  protocol: optional(5),
  srcAddress: counter(6),
  dstAddress: counter(7),
  srcPort: optional(8),
  dstPort: optional(9),
  evidence: counter(10),
  ethertype: optional(11),
  linkContext: counter(12),
  dnsId: optional(13),
  start: counter(16),
  srcFirst: optional(17),
  srcSpan: optional(18),
  dstFirst: optional(19),
  dstSpan: optional(20),
  srcPackets: counter(24),
  dstPackets: counter(25),
  srcBytes: counter(26),
  dstBytes: counter(27),
  srcAppBytes: counter(28),
  dstAppBytes: counter(29),
  srcMinSize: optional(30),
  dstMinSize: optional(31),
  srcMaxSize: optional(32),
  dstMaxSize: optional(33),
  srcFragments: counter(34),
  dstFragments: counter(35),
  srcMac: optional(40),
  dstMac: optional(41),
  srcVlan: optional(42),
  dstVlan: optional(43),
  innerVlan: optional(44),
  srcTtl: optional(48),
  dstTtl: optional(49),
  srcTtlMin: optional(50),
  dstTtlMin: optional(51),
  srcTtlMax: optional(52),
  dstTtlMax: optional(53),
  srcTos: optional(54),
  dstTos: optional(55),
  srcIpId: optional(56),
  dstIpId: optional(57),
  srcIpFlags: optional(58),
  dstIpFlags: optional(59),
  srcCePackets: counter(60),
  dstCePackets: counter(61),
  tcpState: optional(64),
  srcTcpFlags: optional(65),
  dstTcpFlags: optional(66),
  srcTcpOptions: optional(67),
  dstTcpOptions: optional(68),
  srcTcpBase: optional(69),
  dstTcpBase: optional(70),
  srcMss: optional(71),
  dstMss: optional(72),
  srcWindowShift: optional(73),
  dstWindowShift: optional(74),
  srcWindow: optional(75),
  dstWindow: optional(76),
  srcWindowMin: optional(77),
  dstWindowMin: optional(78),
  srcWindowMax: optional(79),
  dstWindowMax: optional(80),
  srcZeroWindows: counter(81),
  dstZeroWindows: counter(82),
  synack: optional(83),
  ackdat: optional(84),
  srcGapLead: optional(96),
  dstGapLead: optional(97),
  srcGapM2: float(98),
  dstGapM2: float(99),
  srcGapMin: optional(100),
  dstGapMin: optional(101),
  srcGapMax: optional(102),
  dstGapMax: optional(103),
  icmpType: optional(112),
  icmpCode: optional(113),
  icmpId: optional(114),
  arpOperation: optional(115),
  srcPayload: optional(120),
  dstPayload: optional(121),
} as const satisfies Record<string, ColumnInfo>;

export type ColumnName = keyof typeof columns;

/** The schema allows this many records in a batch. */
export const maxRows = 1024;

/** Values of the schema's enums, as the field table uses them. */
export const Cause = { none: 0, start: 1, status: 2, end: 3 } as const;
export const EndReason = {
  none: 0,
  fin: 1,
  rst: 2,
  answered: 3,
  idle: 4,
  evicted: 5,
  reused: 6,
  shutdown: 7,
} as const;
export const FlowKind = { none: 0, ipv4: 1, ipv6: 2, arp: 3, ethernet: 4, rarp: 5 } as const;
export const Evidence = {
  none: 0,
  syn: 1,
  synAck: 2,
  request: 3,
  learnedPort: 4,
  knownPort: 5,
  firstPacket: 6,
} as const;
export const TcpState = {
  syn: 1,
  synAck: 2,
  established: 4,
  srcFin: 8,
  dstFin: 16,
  srcFinAcked: 32,
  dstFinAcked: 64,
  srcRst: 128,
  dstRst: 256,
  srcScaled: 512,
  dstScaled: 1024,
} as const;
export const TcpOption = {
  mss: 1,
  windowScale: 2,
  sackPermitted: 4,
  sack: 8,
  timestamp: 16,
  fastOpen: 32,
  mptcp: 64,
  other: 128,
} as const;
export const IpFlag = {
  dontFragment: 1,
  fragment: 2,
  recordRoute: 4,
  timestamp: 8,
  security: 16,
  sourceRoute: 32,
  routerAlert: 64,
  otherOption: 128,
  macChanged: 256,
} as const;
