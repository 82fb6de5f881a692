// Why a packet is in no record: the decoder's closed list (native/decode/decoder.h), each reason in words. For people
// who ask what a capture lacks; a test holds the names against the decoder's, and against docs/schema.md.

export interface UndecodedReason {
  /** What such a frame looks like. */
  readonly about: string;
  /** What can be done about it. */
  readonly todo: string;
}

export const undecodedReasons: Readonly<Record<string, UndecodedReason>> = {
  truncated_link: {
    about: 'the frame ends within its link header: the capture cut it, or its sender sent no more',
    todo: 'capture with a larger snaplen; a frame that short on the wire is noise',
  },
  unknown_link_type: {
    about:
      'the capture is of a kind of link that has no decoder, or of an interface that the file does not describe',
    todo: 'capture on a link with Ethernet, IP, PPP, 802.11 or cooked headers, or convert the file',
  },
  unknown_network: {
    about:
      'a link without addresses carries something that is neither IPv4 nor IPv6, so there is nothing to key a flow by',
    todo: 'nothing, if it is a routing or control protocol of that link; its packets are counted here',
  },
  truncated_ip: {
    about: 'the frame ends within the IPv4 or IPv6 header',
    todo: 'capture with a larger snaplen: 128 bytes hold all headers of most frames',
  },
  bad_ip_header: {
    about: 'the ethertype says IP, but version, header length or total length cannot be',
    todo: 'look at the first one: a broken sender, a damaged file, or a link type that is not what the file says',
  },
  bad_link_header: {
    about: 'a link header contradicts itself: a version that was never given, a length that cannot be',
    todo: 'look at the first one: a damaged file, or a link type that is not what the file says',
  },
};
