// `-U`: how much of the first payload is kept, as `64,dns=4096,80=256,udp/5060-5061=1024,110=64:mask`. Between the
// command line and ProbeOptions; the rules themselves are resolved by the addon.
import { InvalidArgumentError } from 'commander';
import { mostPayloadBytes, mostPayloadRules, type PayloadRule } from '../../probe/payload-rules.js';
import { knownProtocols, knownServices, protocolNumber, servicePort } from '../../record/names.js';
import { suggest } from '../../record/suggest.js';

/** What was given, and nothing else: the probe knows the defaults. */
export interface PayloadOptions {
  readonly payloadBytes?: number;
  readonly payloadRules?: readonly PayloadRule[];
}

/** A part of the text and where it begins, counted from 1. */
interface Part {
  readonly text: string;
  readonly at: number;
}

type Selector = Pick<PayloadRule, 'protocols' | 'ports'>;

interface PlacedRule extends Part {
  readonly rule: PayloadRule;
}

const knownWords = [...knownServices, ...knownProtocols];
const icmpNumbers = [1, 58];
/** TCP, UDP, SCTP, DCCP, UDP-Lite. */
const numbersWithPorts = [6, 17, 132, 33, 136];

/** Throws InvalidArgumentError, which names the position, and nothing else. */
export function parsePayload(text: string): PayloadOptions {
  const placed: PlacedRule[] = [];
  let rest: (Part & { readonly bytes: number; readonly mask: boolean }) | undefined;
  for (const item of split({ text, at: 1 }, ',')) {
    const equals = item.text.indexOf('=');
    if (equals < 0) {
      const size = parseSize(item);
      if (rest) refuse(item, `is a second size for everything else, after '${rest.text}' at ${rest.at}`);
      rest = { ...item, ...size };
      continue;
    }
    const what = trim({ text: item.text.slice(0, equals), at: item.at });
    const size = trim({ text: item.text.slice(equals + 1), at: item.at + equals + 1 });
    const { bytes, mask } = parseSize(size);
    const rule = { ...parseSelector(what), bytes, ...(mask && { mask }) };
    const before = placed.find((other) => covers(other.rule, rule));
    if (before) {
      refuse(what, `never counts: '${before.text}' at ${before.at} comes before it and covers it`);
    }
    placed.push({ ...what, rule });
    if (placed.length > mostPayloadRules) refuse(what, `is one rule more than ${mostPayloadRules}`);
  }
  const rules = placed.map(({ rule }) => rule);
  if (!rest) return { payloadRules: rules };
  if (rest.mask) rules.push({ bytes: rest.bytes, mask: true });
  return { payloadBytes: rest.bytes, payloadRules: rules };
}

function refuse({ text, at }: Part, problem: string): never {
  throw new InvalidArgumentError(`'${text}' at ${at} ${problem}.`);
}

function trim({ text, at }: Part): Part {
  const trimmed = text.trimStart();
  return { text: trimmed.trimEnd(), at: at + text.length - trimmed.length };
}

function split(part: Part, separator: string): Part[] {
  let at = part.at;
  return part.text.split(separator).map((text) => {
    const one = trim({ text, at });
    at += text.length + separator.length;
    return one;
  });
}

function parseSize(part: Part): { readonly bytes: number; readonly mask: boolean } {
  const [number = part, word, ...more] = split(part, ':');
  const bytes = /^\d{1,9}$/.test(number.text) ? Number(number.text) : Number.NaN;
  if (!(bytes <= mostPayloadBytes)) {
    if (number.text === '') throw new InvalidArgumentError(`a size is missing at ${number.at}.`);
    refuse(number, `is not a whole number from 0 to ${mostPayloadBytes}${wordMeant(number.text)}`);
  }
  if (word === undefined) return { bytes, mask: false };
  if (word.text.toLowerCase() !== 'mask' || more.length > 0) {
    refuse(more[0] ?? word, "is unknown, did you mean 'mask'?");
  }
  return { bytes, mask: true };
}

/** A port or protocol that stands where a size has to. */
function wordMeant(word: string): string {
  const near = suggest(word, knownWords);
  return near === undefined ? '' : `, did you mean '${near}=...'?`;
}

/** `tcp`, `80`, `http`, `5060-5061`, `udp/5060-5061`. */
function parseSelector(part: Part): Selector {
  if (part.text === '') throw new InvalidArgumentError(`a port or protocol is missing at ${part.at}.`);
  const slash = part.text.indexOf('/');
  if (slash < 0) {
    const protocols = protocolNumbers(part.text);
    return protocols ? { protocols } : { ports: parsePorts(part, knownWords) };
  }
  const name = trim({ text: part.text.slice(0, slash), at: part.at });
  const port = trim({ text: part.text.slice(slash + 1), at: part.at + slash + 1 });
  const protocols = protocolNumbers(name.text);
  if (!protocols) refuse(name, `is no protocol${meant(name.text, knownProtocols)}`);
  if (!protocols.every((number) => numbersWithPorts.includes(number))) refuse(name, 'has no ports');
  return { protocols, ports: parsePorts(port, knownServices) };
}

/** `icmp` is both of them. */
function protocolNumbers(name: string): readonly number[] | undefined {
  if (name.toLowerCase() === 'icmp') return icmpNumbers;
  const number = protocolNumber(name);
  return number === undefined ? undefined : [number];
}

function parsePorts(part: Part, known: readonly string[]): readonly [number, number] {
  const named = servicePort(part.text);
  if (named !== undefined) return [named, named];
  const range = /^(\d+)\s*-\s*(\d+)$/.exec(part.text);
  const low = Number(range ? range[1] : part.text);
  const high = Number(range ? range[2] : part.text);
  if (!range && !/^\d+$/.test(part.text)) {
    const kind = known === knownServices ? 'port' : 'port or protocol';
    if (part.text === '') throw new InvalidArgumentError(`a ${kind} is missing at ${part.at}.`);
    refuse(part, `is no ${kind}${meant(part.text, known)}`);
  }
  if (low < 1 || high < 1 || low > 65535 || high > 65535) refuse(part, 'is not from 1 to 65535');
  if (low > high) refuse(part, `ends before it begins, did you mean '${high}-${low}'?`);
  return [low, high];
}

function meant(word: string, known: readonly string[]): string {
  const near = suggest(word, known);
  return near === undefined ? '' : `, did you mean '${near}'?`;
}

/** Whatever `one` matches, `other` matches too. */
function covers(other: Selector, one: Selector): boolean {
  const { protocols, ports } = other;
  if (protocols && !one.protocols?.every((number) => protocols.includes(number))) return false;
  if (!ports) return true;
  return one.ports !== undefined && ports[0] <= one.ports[0] && one.ports[1] <= ports[1];
}
