// Real captures in which argus and tshark disagree about TCP, each read frame by frame: who is right, in the name of the
// test. The counters that the reading demands, of every direction that has any; all others must have none. The
// numbers are counted in the frames (docs/truth.md names them), not taken from the probe. Cases of copies and gaps:
// judged-copies.test.ts.
import { describe, expect, test } from 'vitest';
import { directionText, hasCapture, measureTcp, totals, troubles, troublesOf } from '../support/corpus.js';

const there = (file: string) => describe.skipIf(!hasCapture(file));
const both = (client: string, server: string) =>
  [directionText(client, server), directionText(server, client)] as const;

there('tcp_zerowin_206b.pcap')('tcp_zerowin_206b', () => {
  test('bytes that were in the file already are resent, soon after the last new byte or not; one segment is old in part', async () => {
    const [fromClient, fromServer] = both('192.168.72.14:3254', '65.54.95.206:80');
    // 107 segments all of whose bytes were seen, and frame 262: 265 of its 1400 bytes were.
    expect(await troublesOf('tcp_zerowin_206b.pcap')).toEqual({
      [fromServer]: { retrans: 107 + 1, loss: 107 + 1 },
      [fromClient]: { zwin: 57 },
    });
    const server = (await measureTcp('tcp_zerowin_206b.pcap')).get(fromServer);
    expect(server?.rbytes).toBe(148_930);
  });
});

// Frames 47 and 48: SYN and SYN-ACK again, the SYN after it was acknowledged. Data: 103, 188, 191, 246, 278, 299, 343,
// 345, 376, 444, 518, 536, 564, 566, 570, 613, 635.
const fastretx = {
  [directionText('10.101.84.70:10978', '129.174.93.161:80')]: { retrans: 1, synrep: 1, spur: 1 },
  [directionText('129.174.93.161:80', '10.101.84.70:10978')]: {
    retrans: 1 + 17,
    synrep: 1,
    loss: 1 + 17,
  },
};

there('tcp_fastretx_206a.pcap')('tcp_fastretx_206a', () => {
  test('five resends that tshark calls out of order are resends: their bytes were in the file', async () => {
    expect(await troublesOf('tcp_fastretx_206a.pcap')).toEqual(fastretx);
  });
});

there('fmt_snap54.pcap')('fmt_snap54', () => {
  test('a capture of headers alone counts what the whole one counts', async () => {
    expect(await troublesOf('fmt_snap54.pcap')).toEqual(fastretx);
  });
});

there('tcp_syn_retx.pcap')('tcp_syn_retx', () => {
  test('a second copy with a new IP id is resent, even within a round trip', async () => {
    const [fromClient, fromServer] = both('10.38.251.146:33372', '10.38.251.147:80');
    // One direction is tagged and the other is not: two flows, in which no ACK of the other is seen.
    expect(await troublesOf('tcp_syn_retx.pcap')).toEqual({
      [fromClient]: { retrans: 1, synrep: 1, loss: 1 },
      [fromServer]: { retrans: 18, loss: 18 },
    });
  });
});

there('tcp_ooo_tls.pcap')('tcp_ooo_tls', () => {
  test.each([
    ['59691', '192.168.100.206:59691', '204.79.197.200:443'],
    ['60064', '192.168.100.206:60064', '212.237.249.17:80'],
  ])(
    '%s: after a challenge ACK and a reset the SYN is repeated, and nothing else is wrong',
    async (_, client, server) => {
      const [fromClient, fromServer] = both(client, server);
      const measured = await measureTcp('tcp_ooo_tls.pcap');
      expect(troubles(measured.get(fromClient) ?? fail(fromClient))).toEqual({
        retrans: 1,
        synrep: 1,
        loss: 1,
      });
      expect(troubles(measured.get(fromServer) ?? fail(fromServer))).toEqual({});
    },
  );

  test('60172: a bare ACK that overtakes data moves nothing; the client resent once, which a DSACK calls needless', async () => {
    const [fromClient, fromServer] = both('192.168.100.206:60172', '216.58.212.161:443');
    const measured = await measureTcp('tcp_ooo_tls.pcap');
    expect(troubles(measured.get(fromServer) ?? fail(fromServer))).toEqual({});
    expect(troubles(measured.get(fromClient) ?? fail(fromClient))).toEqual({ retrans: 1, spur: 1 });
  });

  test('60038: by IP ids 17 segments came late, 7 of them were resent for nothing, 17 others were lost before', async () => {
    const [fromClient, fromServer] = both('192.168.100.206:60038', '138.201.208.22:443');
    const measured = await measureTcp('tcp_ooo_tls.pcap');
    expect(troubles(measured.get(fromServer) ?? fail(fromServer))).toEqual({
      ooo: 17,
      retrans: 7,
      spur: 7,
      lostup: 17,
      loss: 17,
    });
    expect(troubles(measured.get(fromClient) ?? fail(fromClient))).toEqual({});
  });

  test('as a whole: 53 segments were sent again, 11 of them a SYN and 27 not seen before; 50 were overtaken', async () => {
    const sums = totals(await measureTcp('tcp_ooo_tls.pcap'));
    expect(sums.retrans + sums.lostup).toBe(53);
    expect(troubles(sums)).toEqual({
      retrans: 26,
      synrep: 11,
      spur: 15, // all that are not SYNs: 13 after the ACK, 2 (frames 91 and 2756) by DSACK
      lostup: 27,
      ooo: 50,
      loss: 26 - 15 + 27,
    });
  });
});

there('tcp_fin_retx.pcap')('tcp_fin_retx', () => {
  test('a FIN with the number of the SYN, twice: formally sent again, the second time after it was acknowledged', async () => {
    expect(await troublesOf('tcp_fin_retx.pcap')).toEqual({
      [directionText('10.1.30.117:55344', '17.167.193.62:443')]: { retrans: 2, spur: 1, loss: 1 },
    });
  });
});

there('tcp_fastopen_reject.pcap')('tcp_fastopen_reject', () => {
  test('data of the SYN that the server did not take is sent again', async () => {
    const [fromClient] = both('192.168.0.44:57282', '17.253.144.10:443');
    expect(await troublesOf('tcp_fastopen_reject.pcap')).toEqual({ [fromClient]: { retrans: 1, loss: 1 } });
    expect((await measureTcp('tcp_fastopen_reject.pcap')).get(fromClient)?.rbytes).toBe(517);
  });
});

there('tcp_retx_timeout.pcapng')('tcp_retx_timeout', () => {
  test('what was acknowledged and comes again after 300 s is spurious', async () => {
    expect(await troublesOf('tcp_retx_timeout.pcapng')).toEqual({
      [directionText('10.0.0.1:51889', '192.168.0.1:80')]: { retrans: 1, spur: 1 },
    });
  });
});

there('tcp_smb3_multichannel.pcap')('tcp_smb3_multichannel', () => {
  test('24 keep-alives are no retransmissions, and there is no other', async () => {
    const wanted = [57092, 57093, 57094, 57095].flatMap((port) => {
      const [fromClient, fromServer] = both(`172.17.0.184:${port}`, '172.17.0.189:445');
      return [
        [fromClient, { keep: 5 }],
        [fromServer, { keep: 1 }],
      ] as const;
    });
    expect(await troublesOf('tcp_smb3_multichannel.pcap')).toEqual(Object.fromEntries(wanted));
  });
});

there('tcp_ooo_bodyhook.pcap')('tcp_ooo_bodyhook', () => {
  test('IPv6: three holes that are filled 34 to 46 ms later, after duplicate ACKs, were lost before the capture', async () => {
    const client = '2a01:e35:1394:5bd0:da50:e6ff:fe3c:3250:59525';
    expect(await troublesOf('tcp_ooo_bodyhook.pcap')).toEqual({
      [directionText('2001:41d0:1:9598::1:80', client)]: { lostup: 3, loss: 3 },
    });
  });
});

there('tcp_simultaneous_open.pcap')('tcp_simultaneous_open, tcp_split_handshake', () => {
  test.each(['tcp_simultaneous_open.pcap', 'tcp_split_handshake.pcap'])(
    '%s: a SYN-ACK with the number of the SYN is how both sides open at once, no loss',
    async (file) => {
      expect(await troublesOf(file)).toEqual({});
    },
  );
});

there('tcp_reassembly.pcap')('tcp_reassembly', () => {
  test('20 segments again: 10 seen before and 4 seen in part, 3 lost before, and a FIN three times', async () => {
    const [fromClient, fromServer] = both('63.193.213.194:2564', '128.3.97.175:80');
    expect(await troublesOf('tcp_reassembly.pcap')).toEqual({
      // 36 39 42 45 48 50 66 68 114 116; in part 52 64 77 112; first seen late 35 71 74. Never seen and
      // acknowledged: what was jumped over, less what came late, less what the cut frames 7 26 35 85 hide.
      [fromClient]: {
        retrans: 10 + 4,
        lostup: 3,
        loss: 10 + 4 + 3,
        gap: 4332 + 8 + 8 + 8 + 20,
      },
      [fromServer]: { retrans: 3, loss: 3 }, // 8 10 12
    });
  });
});

function fail(direction: string): never {
  throw new Error(`the capture has no ${direction}`);
}
