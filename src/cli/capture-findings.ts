// What a capture is, what became of its packets, what did not and why, and what to do about it: an exam (capture-exam.ts)
// as findings of `panoptes doctor --capture`. Pure.
import type { CaptureFacts, UndecodedFacts } from '../probe/native-module.js';
import { undecodedReasons } from '../probe/undecoded.js';
import type { CaptureExam, Tally } from './capture-exam.js';
import { type Finding, fail, ok, warn } from './findings.js';

/** All findings of one file, in the order in which they matter. */
export function captureFindings(exam: CaptureExam): Finding[] {
  const { facts } = exam;
  if (facts.file.format === '') {
    const { message, hint } = facts.error ?? { message: `${exam.name} is not a capture`, hint: '' };
    return [fail('file', message, hint || 'name a pcap or pcapng file')];
  }
  const file = [ok('file', fileText(exam)), ...damage(exam)];
  if (facts.packets === 0) {
    return [...file, warn('packets', 'there are none in it', 'capture for longer, or without a filter')];
  }
  return [
    ...file,
    ok('links', facts.links.map(linkText).join('; ')),
    cutPackets(facts),
    timeOrder(facts),
    ok('decoded', decodedText(exam)),
    ...tallyFinding('network', exam.networks),
    ...tallyFinding('transport', exam.protocols),
    ...tallyFinding('tunnels', exam.tunnels),
    ...facts.undecoded.map((one) => undecoded(one, facts)),
    ...fragments(exam),
    ...duplicates(exam),
    ...drops(facts),
    ...otherBlocks(facts),
    ...limits(exam),
  ];
}

function fileText({ name, facts }: CaptureExam): string {
  const { format, version, bigEndian, sections, interfaces } = facts.file;
  const units = [...new Set(interfaces.map(({ timeUnit }) => timeUnit))].join(', ');
  return [
    `${name}: ${format} ${version}, ${bigEndian ? 'big' : 'little'} endian`,
    ...(units === '' ? [] : [units]),
    ...(format === 'pcapng' ? [counted(sections, 'section'), counted(interfaces.length, 'interface')] : []),
    counted(facts.packets, 'packet'),
    `${facts.wireBytes} bytes on the wire`,
  ].join(', ');
}

/** What keeps the file from being whole. */
function damage({ facts, isCut, failure }: CaptureExam): Finding[] {
  const findings = facts.warnings.map(({ message, hint }) =>
    warn('file', message, hint || 'get the file again from where it came'),
  );
  const hasCut = facts.warnings.some(({ code }) => code === 'cut-file');
  if (isCut && !hasCut) {
    findings.push(warn('file', 'its gzip data end in the middle', 'get the file again from where it came'));
  }
  if (facts.error) findings.push(fail('file', facts.error.message, facts.error.hint));
  if (failure) findings.push(fail('file', failure.message, failure.hint ?? 'get the file again'));
  return findings;
}

function linkText({ linkType, name, about, packets }: CaptureFacts['links'][number]): string {
  return `${linkName(linkType, name, about)}: ${counted(packets, 'packet')}`;
}

function linkName(linkType: number, name: string, about: string): string {
  if (linkType === undescribed) return 'an interface that the file does not describe';
  if (name === '') return `link type ${linkType}`;
  return about === '' || about === name ? `${linkType} ${name}` : `${linkType} ${name} (${about})`;
}
const undescribed = 0xffff;

function cutPackets(facts: CaptureFacts): Finding {
  const cut = facts.links.reduce((sum, link) => sum + link.cut, 0);
  const limits = [...new Set(facts.file.interfaces.map(({ snaplen }) => snaplen))].sort((a, b) => a - b);
  const limit = limits.map((snaplen) => (snaplen === 0 ? 'no limit' : `${snaplen} bytes`)).join(', ');
  if (cut === 0) return ok('snaplen', `${limit}; every packet is whole`);
  const missing = facts.wireBytes - facts.capturedBytes;
  return warn(
    'snaplen',
    `${limit}; cut: ${cut} of ${counted(facts.packets, 'packet')}, ${missing} bytes are missing (the longest has ${facts.mostCaptured})`,
    'counters and addresses are right all the same; payload, and headers beyond the cut, are not seen: capture with a larger snaplen (tcpdump -s 0)',
  );
}

function timeOrder(facts: CaptureFacts): Finding {
  const { earliest, latest, duration, stepsBack, largestStepBack, largestStepBackAt } = facts;
  const span = `${timeText(earliest)} to ${timeText(latest)}, ${duration} s`;
  if (stepsBack === 0) return ok('time order', span);
  const steps = stepsBack === 1 ? 'packet is earlier' : 'packets are earlier';
  return warn(
    'time order',
    `${span}; ${stepsBack} ${steps} than the one before, the largest step is ${largestStepBack} s at packet ${largestStepBackAt}`,
    'gaps and round trips around these are wrong, counters are right; to sort the file: reordercap IN OUT',
  );
}

function timeText({ seconds, nanos }: CaptureFacts['earliest']): string {
  const text = new Date(seconds * 1000).toISOString();
  return `${text.slice(0, 19)}.${String(nanos).padStart(9, '0')}Z`;
}

function decodedText({ facts, decoded, status }: CaptureExam): string {
  return `${decoded} of ${counted(facts.packets, 'packet')}, in ${counted(status.flowsOpened, 'flow')}`;
}

function undecoded(one: UndecodedFacts, facts: CaptureFacts): Finding {
  const { reason, packets, firstPacket, linkType, captured, wire, head } = one;
  const link = facts.links.find((each) => each.linkType === linkType);
  const known = undecodedReasons[reason];
  const bytes = Array.from(head.subarray(0, 24), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const size = captured === wire ? `${wire} bytes` : `${captured} of ${wire} bytes`;
  return warn(
    'undecoded',
    `${reason}: ${counted(packets, 'packet')}: ${known?.about ?? 'a reason that this version does not know'}; ` +
      `the first is packet ${firstPacket} (${linkName(linkType, link?.name ?? '', '')}, ${size}: ${bytes}${head.length > 24 ? ' ...' : ''})`,
    known?.todo ?? 'look at the first one',
  );
}

function fragments({ fragments: count, status }: CaptureExam): Finding[] {
  if (count === 0) return [];
  const { fragmentsJoined: joined, fragmentsOrphaned: orphaned, fragmentsOverflow: overflow } = status;
  const text = `${counted(count, 'packet')} of IP fragments, ${joined} joined to the flow of their first one`;
  if (orphaned === 0) return [ok('fragments', text)];
  return [
    warn(
      'fragments',
      `${text}; of ${orphaned} the first never came${overflow > 0 ? `, of these ${overflow} for lack of room` : ''}: flows with port 0`,
      overflow > 0
        ? 'more of them can wait: --max-fragments'
        : 'the capture lost the first ones, or a filter on ports left the others in; --fragment-timeout waits longer',
    ),
  ];
}

function duplicates({ duplicates: count }: CaptureExam): Finding[] {
  if (count === 0) return [];
  return [
    warn(
      'duplicates',
      `${counted(count, 'packet')} that the capture holds twice (fields sdup, ddup)`,
      'a mirror port that copies both directions of a switch doubles packets and bytes: mirror one, or capture on one link',
    ),
  ];
}

function drops({ dropped, ifDropped }: CaptureFacts): Finding[] {
  if (dropped + ifDropped === 0) return [];
  return [
    warn(
      'drops',
      `by its own word the capture lost packets: ${dropped} by the kernel, ${ifDropped} by the interface`,
      'gaps and loss of flows may be those of the capture; give it a larger buffer (tcpdump -B, panoptes probe --buffer)',
    ),
  ];
}

const blockNames = new Map([
  [0, 'other types'],
  [4, 'name resolution'],
  [9, 'systemd journal'],
  [10, 'decryption secrets'],
  [0x204, 'sysdig event'],
  [0xbad, 'custom'],
  [0x40000bad, 'custom (not to be copied)'],
]);

function otherBlocks({ file }: CaptureFacts): Finding[] {
  if (file.otherBlocks.length === 0) return [];
  const text = file.otherBlocks.map(
    ({ type, count }) => `${blockNames.get(type) ?? `unknown type 0x${type.toString(16)}`} ${count}`,
  );
  return [ok('blocks', `without packets, stepped over: ${text.join(', ')}`)];
}

/** Limits of the probe that this capture met. */
function limits({ status }: CaptureExam): Finding[] {
  const findings: Finding[] = [];
  if (status.evicted > 0) {
    findings.push(
      warn(
        'flow table',
        `${status.evicted} flows were ended early for lack of room`,
        'allow more: --max-flows',
      ),
    );
  }
  if (status.extraSkipped > 0) {
    findings.push(
      warn(
        'flow table',
        `of ${status.extraSkipped} flows the tunnel, ICMP error, MPLS label or QUIC version found no room`,
        'allow more flows: --max-flows',
      ),
    );
  }
  if (status.tcpSkipped > 0) {
    findings.push(
      warn(
        'tcp',
        `${status.tcpSkipped} losses and other troubles of TCP found no room and are counted nowhere`,
        'allow more flows: --max-flows; one in eight may be in trouble at a time',
      ),
    );
  }
  if (status.tcpHolesOverflow > 0) {
    findings.push(
      warn(
        'tcp',
        `${status.tcpHolesOverflow} holes in TCP streams were given up: what filled them later counts as sent again`,
        'remember more holes of each direction: --tcp-holes',
      ),
    );
  }
  if (status.gapClassesSkipped > 0) {
    findings.push(
      warn(
        'tcp',
        `${status.gapClassesSkipped} records do not tell active gaps from idle ones: there was no room`,
        'allow more flows: --max-flows; one in eight may be sending at a time',
      ),
    );
  }
  if (status.rtpSkipped > 0) {
    findings.push(
      warn(
        'rtp',
        `${status.rtpSkipped} packets of RTP found no room for their flow or stream and are in no number of RTP`,
        'allow more flows: --max-flows; one in sixteen may be RTP, with eight streams of each direction',
      ),
    );
  }
  if (status.responseSkipped > 0) {
    findings.push(
      warn(
        'round trips',
        `${status.responseSkipped} ICMP queries and round trips of ICMP and QUIC found no room and are in no number`,
        'allow more flows: --max-flows; one in sixteen may have them',
      ),
    );
  }
  return findings;
}

function tallyFinding(name: string, tally: Tally): Finding[] {
  return Object.keys(tally).length === 0 ? [] : [ok(name, tallyText(tally))];
}

function tallyText(tally: Tally): string {
  return Object.entries(tally)
    .map(([name, packets]) => `${name} ${packets}`)
    .join(', ');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
