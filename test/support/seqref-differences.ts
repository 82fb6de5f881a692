// Where the probe and the byte-exact reference differ on real captures, each with the reason: what
// test/system/seqref.test.ts allows, and demands. More of it with frame numbers: docs/truth.md.

/** What the two are compared by; seqref.test.ts says how each is found on either side. */
export type ComparedNumber = 'retrans' | 'spur' | 'ooo' | 'lostup' | 'jump' | 'keep' | 'gap' | 'zwin';

export interface Explained {
  readonly file: string;
  readonly why: string;
  readonly differences: readonly (readonly [
    direction: string,
    number: ComparedNumber,
    ours: number,
    reference: number,
  ])[];
}

const rtsp = '10.2.2.2:8554';
const rtspClient = (port: number) => `10.1.1.10:${port}`;
const kxun = '192.168.115.8';
const alexa = '172.16.42.216';

export const explained: readonly Explained[] = [
  {
    file: 'bad_fuzz2006.pcap',
    why: 'frame 88 is one segment, 3 bytes of it seen before and 3 late: a retransmission; the reference counts it as late too',
    differences: [['192.168.1.2:2720 > 147.234.1.253:21', 'lostup', 0, 1]],
  },
  {
    file: 'bad_fuzz2006.pcap',
    why: 'a changed bit in frame 71 jumps over 384066 bytes; 748 were acknowledged, 247 of them seen',
    differences: [['147.234.1.253:21 > 192.168.1.2:2720', 'gap', 748 - 247, 384_260]],
  },
  {
    file: 'fmt_cut.pcapng',
    why: 'a DSACK says that the resend was not needed; the reference does not read SACK',
    differences: [[`${alexa}:38363 > 34.199.52.240:443`, 'spur', 1, 0]],
  },
  {
    file: 'tcp_dupcapture_rtsp.pcapng',
    why: 'the SYN-ACK has IP id 0, by which the reference does not know its three copies',
    differences: [52472, 52474, 52476, 52478, 52480, 52482].map(
      (port) => [`${rtsp} > ${rtspClient(port)}`, 'retrans', 0, 3] as const,
    ),
  },
  {
    file: 'tcp_dupcapture_rtsp.pcapng',
    why: 'copies that came after the ACK: a copy is no resend, so none is spurious',
    differences: [
      [`${rtspClient(52472)} > ${rtsp}`, 'spur', 0, 1],
      [`${rtspClient(52474)} > ${rtsp}`, 'spur', 0, 1],
      [`${rtsp} > ${rtspClient(52478)}`, 'spur', 0, 21],
      [`${rtspClient(52480)} > ${rtsp}`, 'spur', 0, 1],
      [`${rtspClient(52482)} > ${rtsp}`, 'spur', 0, 2],
    ],
  },
  {
    file: 'tcp_dupcapture_rtsp.pcapng',
    why: 'frame 297 is the SYN again, after frame 293, a reset, had acknowledged it',
    differences: [[`${rtspClient(52478)} > ${rtsp}`, 'spur', 1, 0]],
  },
  {
    file: 'tcp_gaps_vnc.pcapng',
    why: 'frame 4550 acknowledges 85379 bytes of which 212 were seen; the reference stops at the last byte seen',
    differences: [['192.168.2.110:6900 > 95.237.48.208:51559', 'gap', 85_379 - 212, 1081]],
  },
  {
    file: 'tcp_gaps_ftp.pcap',
    why: 'before frames 718 and 3630 both ends had passed the hole: a bare ACK of one, the ACK of the other',
    differences: [['10.3.22.91:58218 > 10.167.25.101:21', 'jump', 3, 5]],
  },
  {
    file: 'tcp_gaps_vnc.pcapng',
    why: 'the same before frames 11, 3542 and 3556',
    differences: [
      ['95.237.48.208:59791 > 192.168.2.110:6900', 'jump', 6, 7],
      ['192.168.2.110:6900 > 95.237.48.208:59791', 'jump', 9, 10],
      ['95.237.48.208:51559 > 192.168.2.110:6900', 'jump', 6, 7],
    ],
  },
  {
    file: 'tcp_lossy_1kxun.pcap',
    why: 'the second keep-alive is a copy of the first',
    differences: (
      [
        [49597, '106.185.35.110:80'],
        [49598, '222.73.254.167:80'],
        [49599, '106.187.35.246:80'],
        [49600, '106.187.35.246:80'],
        [49601, '106.187.35.246:80'],
        [49602, '106.187.35.246:80'],
        [49603, '106.187.35.246:80'],
        [49604, '106.187.35.246:80'],
      ] as const
    ).map(([port, server]) => [`${kxun}:${port} > ${server}`, 'keep', 1, 2] as const),
  },
  {
    file: 'tcp_lossy_1kxun.pcap',
    why: 'frame 1027 is a keep-alive; 618, 1028 and 638 are copies, two of them of the first segment of all',
    differences: [
      [`${kxun}:49596 > 203.66.182.87:443`, 'keep', 1, 3],
      [`${kxun}:49581 > 64.233.189.128:80`, 'keep', 0, 1],
    ],
  },
  {
    file: 'tcp_lossy_1kxun.pcap',
    why: 'nobody acknowledges what frame 1600 jumps over: the other direction ends before it',
    differences: [['18.64.103.30:80 > 192.168.2.126:36636', 'gap', 0, 8568]],
  },
  {
    file: 'tcp_ooo_tls.pcap',
    why: 'the DSACKs in frames 92 and 2759',
    differences: [
      ['192.168.100.206:59690 > 204.79.197.200:443', 'spur', 1, 0],
      ['192.168.100.206:60172 > 216.58.212.161:443', 'spur', 1, 0],
    ],
  },
  {
    file: 'tcp_overlap.pcap',
    why: 'all packets of this made capture have IP id 1; frame 6 has other bytes than frame 5',
    differences: [['1.1.1.1:12345 > 2.2.2.2:8080', 'retrans', 1, 0]],
  },
  {
    file: 'tcp_reassembly.pcap',
    why: 'frames 64 and 112 are seen in part and late in part: two retransmissions, which the reference counts as late too',
    differences: [['63.193.213.194:2564 > 128.3.97.175:80', 'lostup', 3, 5]],
  },
  {
    file: 'tcp_reassembly.pcap',
    why: 'frames 7, 26, 35, 39 and 85 are shorter on the wire than their IP length, by which the reference goes',
    differences: [
      ['63.193.213.194:2564 > 128.3.97.175:80', 'gap', 4332 + 8 + 8 + 8 + 20, 4332],
      ['63.193.213.194:2564 > 128.3.97.175:80', 'jump', 8, 6],
    ],
  },
  {
    file: 'tcp_retx_alexa.pcapng',
    why: 'resends have the IP id of the first, 0.4 to 2.4 s later or with another length: no copies',
    differences: [
      [`52.94.232.134:443 > ${alexa}:45683`, 'retrans', 1, 0],
      [`52.94.232.134:443 > ${alexa}:45698`, 'retrans', 1, 0],
      [`52.94.232.134:443 > ${alexa}:59698`, 'retrans', 1, 0],
      [`52.94.232.134:443 > ${alexa}:45703`, 'retrans', 2, 0],
      [`52.94.232.134:443 > ${alexa}:45710`, 'retrans', 2, 0],
      [`54.239.29.253:443 > ${alexa}:40864`, 'retrans', 2, 0],
      [`54.239.29.253:443 > ${alexa}:40878`, 'retrans', 1, 0],
      [`52.94.232.134:443 > ${alexa}:45750`, 'retrans', 1, 0],
      [`52.94.232.134:443 > ${alexa}:39750`, 'retrans', 1, 0],
      [`54.239.28.178:443 > ${alexa}:50799`, 'retrans', 1, 0],
    ],
  },
  {
    file: 'tcp_retx_alexa.pcapng',
    why: 'DSACKs say that these were not needed: 17 more than those after an ACK',
    differences: [
      [`${alexa}:38363 > 34.199.52.240:443`, 'spur', 1, 0], // frame 176
      [`52.85.209.216:443 > ${alexa}:54411`, 'spur', 3, 1], // 390 391
      [`52.85.209.216:443 > ${alexa}:54434`, 'spur', 4, 0], // 894 to 897
      [`${alexa}:51986 > 52.84.63.56:80`, 'spur', 1, 0], // 2189
      [`${alexa}:51989 > 52.84.63.56:80`, 'spur', 1, 0], // 2184
      [`52.84.63.56:80 > ${alexa}:51994`, 'spur', 1, 0], // 2354
      [`52.84.63.56:80 > ${alexa}:51995`, 'spur', 3, 1], // 2355 2437
      [`52.85.209.197:443 > ${alexa}:55242`, 'spur', 3, 0], // 2523 to 2525
      [`52.84.62.115:443 > ${alexa}:41914`, 'spur', 3, 2], // 2966
    ],
  },
  {
    file: 'tcp_retx_timeout.pcapng',
    why: 'all packets of this made capture have IP id 1; the resend comes 300 s later',
    differences: [['10.0.0.1:51889 > 192.168.0.1:80', 'retrans', 1, 0]],
  },
  {
    file: 'tcp_simultaneous_open.pcap',
    why: 'the SYN-ACK of a simultaneous open is no resend',
    differences: [['198.51.100.20:50000 > 192.0.2.10:40000', 'spur', 0, 1]],
  },
  {
    file: 'tcp_spurious_fix2.pcap',
    why: '22 packets come again, IP id and all, more than 1 ms after the first: no copies',
    differences: [['10.102.0.9:1024 > 10.101.0.2:34963', 'retrans', 22 + 22, 22]],
  },
  {
    file: 'tcp_spurious_fix2.pcap',
    why: 'the reference counts copies that came after the ACK',
    differences: [
      ['10.102.0.2:1024 > 10.101.0.2:34962', 'spur', 45, 169],
      ['10.102.0.9:1024 > 10.101.0.2:34963', 'spur', 41, 85],
    ],
  },
  {
    file: 'tcp_ssh_dups.pcap',
    why: 'all packets of the client have IP id 0, by which the reference does not know the copies',
    differences: [['192.168.0.102:53206 > 192.168.0.112:22', 'retrans', 0, 74]],
  },
  {
    file: 'tun_pppoe_qinq.pcap',
    why: 'the DSACK in frame 64 (frames 75 to 78 are about resends that came after the ACK anyway)',
    differences: [['1.1.1.1:20394 > 2.2.2.2:443', 'spur', 5, 4]],
  },
  {
    file: 'tun_pppoe_qinq.pcap',
    why: 'the sender gives resends the IP id of the first, 0.3 to 4.5 s later; the reference takes padding of PPPoE for bytes',
    differences: [['2.2.2.2:443 > 1.1.1.1:20394', 'retrans', 13, 14 + 5 - 13]],
  },
];
