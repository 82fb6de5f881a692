#include "packet_mutator.h"

#include "wrap.h"

namespace panoptes::mutate {
namespace {

// So many packets that follow one another in a capture do so here, so that flows have a life.
constexpr std::uint64_t kRun = 32;
constexpr std::uint32_t kHeaders = 128;  // bytes in front that most mutations aim at
// Most long packets are cut to this: what is behind is payload.
constexpr std::uint32_t kShort = 600;

constexpr std::array<std::uint8_t, 12> kBytes{0,    1,    2,    4,    6,    0x3f,
                                              0x40, 0x45, 0x7f, 0x80, 0xfe, 0xff};
constexpr std::array<std::uint16_t, 24> kWords{
    0,  1,  2,  3,  4,  5,    7,      8,      12,     16,     19,     20,
    21, 27, 28, 39, 40, 0xff, 0x1fff, 0x2000, 0x7fff, 0x8000, 0xfffe, 0xffff};
constexpr std::array<std::uint16_t, 26> kEthertypes{
    0x0800, 0x86dd, 0x0806, 0x8035, 0x8100, 0x88a8, 0x9100, 0x8847, 0x8848,
    0x8863, 0x8864, 0x6558, 0x88be, 0x22eb, 0x894f, 0x88e7, 0x8926, 0x880b,
    0x6559, 0x88cc, 0x8906, 0x05dc, 0x0600, 0x0000, 0x0003, 0xffff};
constexpr std::array<std::uint8_t, 26> kProtocols{0,  1,  2,  4,  6,   17,  33,  41, 43,
                                                  44, 46, 47, 50, 51,  58,  59,  60, 88,
                                                  89, 94, 97, 98, 108, 115, 132, 137};
constexpr std::array<std::uint16_t, 18> kPorts{0,    53,   67,   123,  137,  1701,
                                               2123, 2152, 3544, 4341, 4754, 4789,
                                               4790, 5353, 6081, 6635, 8472, 65535};
constexpr std::array<std::uint8_t, 6> kBlocks{2, 4, 8, 12, 20, 40};

std::uint32_t place(const MutatedPacket& packet, Random& random) {
  const std::uint32_t size = packet.size();
  return random.below(random.one_in(5) ? size : std::min(size, kHeaders));
}

void set_byte(MutatedPacket& packet, Random& random) {
  std::uint8_t& byte = packet.bytes[place(packet, random)];
  switch (random.below(4)) {
    case 0:
      byte = static_cast<std::uint8_t>(byte + 1);
      break;
    case 1:
      byte = static_cast<std::uint8_t>(byte - 1);
      break;
    case 2:
      byte = random.byte();
      break;
    default:
      byte = random.of(kBytes);
  }
}

// Two bytes as a length that is nearly right, or right for something else, or odd.
void set_word(MutatedPacket& packet, Random& random) {
  const std::uint32_t size = packet.size();
  if (size < 2) return;
  const std::uint32_t at = std::min(place(packet, random), size - 2);
  std::uint8_t* word = packet.bytes.data() + at;
  const std::uint32_t near = random.below(3) - 1;
  switch (random.below(5)) {
    case 0:
      store_be16(word, load_be16(word) + near);
      break;
    case 1:
      store_be16(word, size + near);
      break;
    case 2:
      store_be16(word, size - at + near);
      break;
    case 3:
      store_be16(word, static_cast<std::uint32_t>(random.next()));
      break;
    default:
      store_be16(word, random.of(kWords));
  }
}

// What names the next layer: sends a decoder into bytes that were made for another.
void rename_layer(MutatedPacket& packet, Random& random) {
  const Network network = find_network(packet);
  std::uint8_t* data = packet.bytes.data();
  const std::uint32_t header = ip_header_bytes(packet, network.at);
  switch (random.below(4)) {
    case 0:
      if (network.type_at != network.at) store_be16(data + network.type_at, random.of(kEthertypes));
      break;
    case 1:
      if (header != 0)
        data[network.at + (data[network.at] >> 4 == 4 ? 9 : 6)] = random.of(kProtocols);
      break;
    case 2:  // a fragment: RFC 791 3.1
      if (header >= 20 && data[network.at] >> 4 == 4)
        store_be16(data + network.at + 6,
                   random.one_in(2) ? random.of(kWords) : random.below(0x4000));
      break;
    default:
      if (header != 0 && network.at + header + 4 <= packet.size())
        store_be16(data + network.at + header + 2 * random.below(2), random.of(kPorts));
  }
}

void change_size(MutatedPacket& packet, Random& random) {
  const std::uint32_t size = packet.size();
  const std::uint32_t to = random.below(random.one_in(2) ? size : std::min(size, kHeaders));
  switch (random.below(6)) {
    case 0:  // the capture ends early
      packet.bytes.resize(to);
      break;
    case 1:  // so does the frame
      packet.resize(to);
      break;
    case 2:
      packet.resize(size + random.below(64));
      break;
    case 3: {
      const std::array<std::uint32_t, 7> lengths{0,      1,          size - 1,  size + 1,
                                                 0xffff, 0x7fffffff, 0xffffffff};
      packet.wire = random.of(lengths);
      break;
    }
    case 4: {  // bytes vanish from within
      const std::uint32_t count = std::min(size - to, random.of(kBlocks) + 0U);
      const auto at = packet.bytes.begin() + to;
      std::copy(at + count, packet.bytes.end(), at);
      packet.resize(size - count);
      break;
    }
    default: {  // bytes appear within
      const std::uint32_t count = random.of(kBlocks);
      packet.resize(size + count);
      const auto at = packet.bytes.begin() + to;
      std::copy_backward(at, packet.bytes.end() - count, packet.bytes.end());
      for (std::uint32_t i = 0; i < count; ++i) at[i] = random.byte();
    }
  }
}

// The same bytes over and over: tags, labels, options, extension headers, whatever stands there.
void repeat_block(MutatedPacket& packet, Random& random) {
  const std::uint32_t size = packet.size();
  const std::uint32_t block = random.of(kBlocks);
  if (block > size) return;
  const std::uint32_t at = std::min(place(packet, random), size - block);
  const std::uint32_t more = block * (random.one_in(8) ? random.below(300) : 1 + random.below(20));
  packet.resize(size + more);
  const auto begin = packet.bytes.begin() + at;
  std::copy_backward(begin, packet.bytes.end() - more, packet.bytes.end());
  for (std::uint32_t i = 0; i < more; ++i) begin[i + block] = begin[i];
}

}  // namespace

void PacketMutator::make(std::uint64_t number, MutatedPacket& out) const {
  Random run(~seed_, number / kRun);
  const Seed& seed = packets_[(run.below(packets_.size()) + number % kRun) % packets_.size()];
  Random random(seed_, number);
  auto bytes = seed.bytes.first(std::min<std::size_t>(seed.bytes.size(), kMostBytes));
  if (bytes.size() > kShort && !random.one_in(16)) bytes = bytes.first(kShort);
  out.bytes.assign(bytes.begin(), bytes.end());
  out.wire = seed.wire;
  out.link_type = seed.link_type;

  for (std::uint32_t more = 1 + random.below(3); more > 0; --more) mutate(out, random);
  if (random.one_in(8)) {
    out.link_type =
        random.one_in(8) ? static_cast<std::uint16_t>(random.below(300)) : random.of(kLinkTypes);
  }
  if (out.size() > kMostBytes) out.bytes.resize(kMostBytes);
  const bool same = out.wire == seed.wire && out.link_type == seed.link_type &&
                    std::equal(out.bytes.begin(), out.bytes.end(), bytes.begin(), bytes.end());
  if (!same) return;
  if (out.bytes.empty()) {
    ++out.wire;
  } else {
    out.bytes[place(out, random)] ^= static_cast<std::uint8_t>(1U << random.below(8));
  }
}

void PacketMutator::mutate(MutatedPacket& packet, Random& random) const {
  if (packet.bytes.empty()) packet.resize(1 + random.below(64));
  switch (random.below(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
      packet.bytes[place(packet, random)] ^= static_cast<std::uint8_t>(1U << random.below(8));
      break;
    case 4:
    case 5:
    case 6:
      set_byte(packet, random);
      break;
    case 7:
    case 8:
    case 9:
      set_word(packet, random);
      break;
    case 10:
    case 11:
    case 12:
      rename_layer(packet, random);
      break;
    case 13:
    case 14:
      change_size(packet, random);
      break;
    case 15:
      repeat_block(packet, random);
      break;
    case 16:
      nest(packet, random.one_in(8) ? random.below(400) : 1 + random.below(12));
      break;
    case 17:
    case 18:
      wrap(packet, random, random.one_in(8) ? random.below(60) : 1 + random.below(3));
      break;
    default:
      splice(packet, random);
  }
}

// The head of one, the tail of another, of any capture and link.
void PacketMutator::splice(MutatedPacket& packet, Random& random) const {
  const auto tail = other(random).bytes;
  const std::uint32_t head = random.below(std::min<std::uint32_t>(packet.size(), kHeaders) + 1);
  const std::size_t from = random.one_in(2) ? head : random.below(tail.size() + 1);
  const std::size_t count =
      from < tail.size() ? std::min<std::size_t>(tail.size() - from, 2000) : 0;
  packet.resize(head + static_cast<std::uint32_t>(count));
  std::copy_n(tail.begin() + static_cast<std::ptrdiff_t>(std::min(from, tail.size())), count,
              packet.bytes.begin() + head);
}

}  // namespace panoptes::mutate
