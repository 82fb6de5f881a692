// RTP over routers that lose packets: what they lost before the probe and behind it, what the sender and the receiver
// counted, and what the receiver reported by RTCP, must be what the probe says. Skipped, and reported so, where
// namespaces cannot be made.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Path, pathMissing } from './path.js';
import { endHelpers, FileProbe, Helper, support } from './path-processes.js';

const missing = pathMissing();
const port = 16_384;
const packets = 600;
const patience = 120_000;

/** Waits for what happens within some seconds, also on a busy machine. */
async function until(happened: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !happened(); tries++) await sleep(25);
}

describe.skipIf(missing !== undefined)(
  `RTP over a lossy path${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let path: Path;
    beforeAll(() => {
      path = new Path();
    });
    afterEach(endHelpers);
    afterAll(() => path?.remove());

    test.each([
      { where: 'before the probe', near: { toReceiver: 80 } },
      { where: 'behind the probe', far: { toReceiver: 80 } },
      { where: 'on both sides', near: { toReceiver: 50 }, far: { toReceiver: 50 } },
    ])(
      'loss $where is counted as the routers did, and reported as the receiver saw it',
      async (losses) => {
        const losing = (['near', 'far'] as const).filter((router) => router in losses);
        path.lose({});
        const probe = await FileProbe.open(path.probed);
        const peer = (namespace: string, words: readonly string[]) =>
          new Helper(namespace, [process.execPath, support('rtp-sender.mjs'), ...words, '--rtcp', 'next']);
        const receiver = peer(path.receiver, ['receive', '--bind', `${path.address('v4')}:${port}`]);
        await receiver.line();
        const to = `${path.address('v4')}:${port}`;
        const stream = ['--packets', `${packets}`, '--interval', '10', '--jitter', '4', '--linger', '1500'];
        const sender = peer(path.sender, ['send', '--to', to, ...stream]);
        // The first and the last packets arrive: they say how many there were.
        const quiet = path.arrived();
        await until(() => path.arrived() >= quiet + 50);
        path.lose({ ...losses, udpPort: port });
        await until(() => losing.every((router) => path.lost(router).toReceiver >= 3));
        path.keep();
        const sent = JSON.parse(await sender.line());
        const received = JSON.parse(await receiver.line());
        await Promise.all([sender.end(), receiver.end()]);
        const { records, status } = await probe.close();
        expect(status.dropped).toBe(0);
        const before = path.lost('near').toReceiver;
        const behind = path.lost('far').toReceiver;

        const [rtp, ...others] = records.filter((record) => record('srcRtpPackets') > 0);
        if (rtp === undefined) throw new Error('no RTP');
        expect(others).toEqual([]);
        expect(sent.sent).toBe(packets);
        expect(rtp('srcRtpPackets')).toBe(packets - before);
        expect(rtp('srcRtpExpected')).toBe(packets);
        expect(rtp('srcRtpSsrc')).toBe(sent.ssrc);
        expect([rtp('srcRtpOutOfOrder'), rtp('srcRtpDuplicates')]).toEqual([0, 0]);
        expect([received.received, received.lost]).toEqual([packets - before - behind, before + behind]);
        // What comes to the probe was sent a moment before; what is lost leaves the jitter of its neighbours.
        const jitterMs = rtp('srcRtpJitterSum') / rtp('srcRtpJitterCount') / 1e6;
        expect(Math.abs(jitterMs - sent.jitterMeanMs)).toBeLessThan(1);

        const [rtcp] = records.filter((record) => record('srcRtcpPackets') > 0 && record !== rtp);
        // The last report came after the last packet.
        expect(rtcp?.('srcRtcpLost')).toBe(before + behind);
        expect(rtcp?.('dstRtcpPackets')).toBe(received.senderReports - 1);
      },
      patience,
    );
  },
);
