// Real captures in which argus and tshark take the capture's own doings for the network's: copies and gaps. The rest
// of the judged cases, and how they are written: judged-cases.test.ts.
import { describe, expect, test } from 'vitest';
import { directionText, hasCapture, measureTcp, totals, troublesOf } from '../support/corpus.js';

const there = (file: string) => describe.skipIf(!hasCapture(file));

// Copies: the same packet with the same IP id within 1 ms of the first, bare ACKs with them.
there('tcp_retx_m57.pcap')('tcp_retx_m57', () => {
  test('packets that are in the file twice with the same IP id are copies, none is resent', async () => {
    // With data, SYN or FIN: 4 and 79.
    expect(await troublesOf('tcp_retx_m57.pcap')).toEqual({
      [directionText('192.168.1.105:49583', '208.111.129.62:80')]: { dup: 4 + 26 },
      [directionText('208.111.129.62:80', '192.168.1.105:49583')]: { dup: 79 + 4 },
    });
  });
});

there('tcp_ssh_dups.pcap')('tcp_ssh_dups', () => {
  test('166 segments are in the file twice in the same microsecond, and bare ACKs too: copies', async () => {
    expect(await troublesOf('tcp_ssh_dups.pcap')).toEqual({
      [directionText('192.168.0.102:53206', '192.168.0.112:22')]: { dup: 74 },
      [directionText('192.168.0.112:22', '192.168.0.102:53206')]: { dup: 92 + 21 },
    });
  });
});

there('tcp_dupcapture_rtsp.pcapng')('tcp_dupcapture_rtsp', () => {
  test('each packet is there four times; one SYN is sent again, after a reset that acknowledged it', async () => {
    // Segments and bare ACKs, of the client and of the server.
    const copies: readonly (readonly [port: number, number, number])[] = [
      [52470, 3, 6],
      [52472, 21 + 9, 21 + 21],
      [52474, 21 + 9, 21 + 12],
      [52476, 21 + 12, 24 + 12],
      [52478, 24 + 9, 21 + 21],
      [52480, 21 + 9, 21 + 18],
      [52482, 18 + 9, 21 + 15],
    ];
    const wanted = copies.flatMap(([port, client, server]) => {
      const [from, to] = [`10.1.1.10:${port}`, '10.2.2.2:8554'];
      const again = port === 52478 ? { retrans: 1, synrep: 1, spur: 1 } : {}; // frame 297
      return [
        [directionText(from, to), { dup: client, ...again }],
        [directionText(to, from), { dup: server }],
      ] as const;
    });
    expect(await troublesOf('tcp_dupcapture_rtsp.pcapng')).toEqual(Object.fromEntries(wanted));
  });
});

there('tcp_spurious_fix2.pcap')('tcp_spurious_fix2', () => {
  test('135 segments have a new IP id and are resent, 22 are the same packet after more than 1 ms, 784 are copies', async () => {
    const client = (port: number) => `10.101.0.2:${port}`;
    expect(await troublesOf('tcp_spurious_fix2.pcap')).toEqual({
      [directionText(client(34962), '10.102.0.2:1024')]: { retrans: 47, loss: 47 },
      [directionText('10.102.0.2:1024', client(34962))]: { retrans: 46, spur: 45, loss: 1, dup: 621 },
      [directionText(client(34963), '10.102.0.9:1024')]: { retrans: 20, loss: 20 },
      [directionText('10.102.0.9:1024', client(34963))]: {
        retrans: 22 + 22,
        spur: 41,
        loss: 3,
        dup: 163,
      },
    });
    const sums = totals(await measureTcp('tcp_spurious_fix2.pcap'));
    expect([sums.retrans, sums.dup]).toEqual([135 + 22, 784]);
  });
});

there('tcp_gaps_vnc.pcapng')('tcp_gaps_vnc', () => {
  test('what the capture lost is a gap in bytes and no loss, up to the last byte that was acknowledged', async () => {
    const server = '192.168.2.110:6900';
    const [first, second] = ['95.237.48.208:59791', '95.237.48.208:51559'];
    expect(await troublesOf('tcp_gaps_vnc.pcapng')).toEqual({
      [directionText(first, server)]: { gap: 1502 },
      [directionText(server, first)]: { gap: 489_758 },
      [directionText(second, server)]: { gap: 1447 },
      // Frame 4550 acknowledges 85379 bytes, of which 212 are in the file; the last of them is number 1294.
      [directionText(server, second)]: { gap: 85_379 - 212 },
    });
  });
});

there('tcp_gaps_ftp.pcap')('tcp_gaps_ftp', () => {
  test('nine jumps over 233 bytes that were acknowledged: gaps', async () => {
    const [client, server] = ['10.3.22.91:58218', '10.167.25.101:21'];
    expect(await troublesOf('tcp_gaps_ftp.pcap')).toEqual({
      [directionText(client, server)]: { gap: 78 },
      [directionText(server, client)]: { gap: 155 },
    });
  });
});
