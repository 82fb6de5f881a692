// RFC 8999 (what all versions share), 9000 (version 1), 9369 (version 2). A version that is known
// by all of its 32 bits is proof enough where the header was cut by the capture; everything that
// was captured has to fit.
#include "decode/quic.h"

#include "base/endian.h"

namespace panoptes {
namespace {

constexpr std::uint32_t kMaxConnectionId = 20;
constexpr std::uint32_t kLeastInitial = 1200;        // datagram of a client (RFC 9000 14.1)
constexpr std::uint32_t kLeastFirstDestination = 8;  // id that a client makes up (7.2)

enum class Layout : std::uint8_t { unknown, negotiation, version1, version2, google46, greased };

bool is_digit(std::uint32_t c) { return c - '0' < 10; }

// "Q0" or "T0" and two digits.
bool is_google(std::uint32_t version) {
  const std::uint32_t name = version >> 16;
  return (name == 0x5130 || name == 0x5430) && is_digit(version >> 8 & 0xff) &&
         is_digit(version & 0xff);
}

Layout layout_of(std::uint32_t version) {
  constexpr std::uint32_t kVersion2 = 0x6b3343cf, kGoogle46 = 0x51303436, kGoogle50 = 0x51303530,
                          kGoogleTls50 = 0x54303530, kGoogleTls51 = 0x54303531, kMvfst = 0xfaceb000;
  constexpr std::uint32_t kDraft = 0xff000000, kFirstDraft = 22, kLastDraft = 34;
  if (version == 0) return Layout::negotiation;
  if (version == 1) return Layout::version1;
  if (version == kVersion2) return Layout::version2;
  // Drafts before the first one had another header, and are gone.
  if (version >= kDraft + kFirstDraft && version <= kDraft + kLastDraft) return Layout::version1;
  if (version == kGoogle46) return Layout::google46;
  if (version == kGoogle50 || version == kGoogleTls50 || version == kGoogleTls51)
    return Layout::version1;
  if ((version & 0xfffffff0) == kMvfst) return Layout::version1;
  if ((version & 0x0f0f0f0f) == 0x0a0a0a0a) return Layout::greased;  // RFC 9000 15
  return Layout::unknown;
}

// One field after the other, until one is not there.
class Fields {
 public:
  explicit Fields(Layer rest) : rest_(rest) {}

  // A number of one, two, four or eight bytes (RFC 9000 16).
  std::uint64_t number() {
    const std::uint8_t* first = need(1);
    if (first == nullptr) return 0;
    const std::uint32_t size = 1U << (*first >> 6);
    const std::uint8_t* bytes = need(size);
    if (bytes == nullptr) return 0;
    std::uint64_t value = bytes[0] & 0x3fU;
    for (std::uint32_t i = 1; i < size; ++i) value = value << 8 | bytes[i];
    rest_.advance(size);
    return value;
  }
  // A connection id and the length before it.
  std::uint32_t connection_id() {
    const std::uint8_t* length = need(1);
    if (length == nullptr) return 0;
    const std::uint32_t size = *length;
    rest_.advance(1);
    skip(size);
    if (size > kMaxConnectionId) fits_ = false;
    return size;
  }
  void skip(std::uint64_t size) {
    if (size > rest_.length()) {
      fits_ = false;
    } else {
      rest_.skip(static_cast<std::uint32_t>(size));
    }
  }

  bool fits() const { return fits_; }  // nothing was wrong so far
  bool cut() const { return cut_; }    // a field was sent but not captured
  Layer rest() const { return rest_; }

 private:
  const std::uint8_t* need(std::uint32_t size) {
    const std::uint8_t* at = rest_.peek(size);
    if (at == nullptr) {
      cut_ = true;
      if (size > rest_.length()) fits_ = false;
    }
    return at;
  }

  Layer rest_;
  bool fits_ = true;
  bool cut_ = false;
};

// RFC 9000 17.2.2 to 17.2.5. `type`: initial, 0-RTT, handshake, retry. The packet, which others may
// follow in the datagram, fits into it.
bool fits_version1(unsigned type, std::uint32_t datagram, Fields fields) {
  constexpr unsigned kInitial = 0, kRetry = 3;
  constexpr std::uint32_t kIntegrityTag = 16;
  constexpr std::uint32_t kLeastProtected = 20;  // packet number and sample (RFC 9001 5.4.2)
  if (type == kRetry) return fields.rest().length() > kIntegrityTag;
  if (type == kInitial) {
    const std::uint64_t token = fields.number();
    if (fields.cut()) return fields.fits();
    if (token != 0 && datagram < kLeastInitial) return false;  // only clients have one
    fields.skip(token);
  }
  const std::uint64_t length = fields.number();
  if (fields.cut() || !fields.fits()) return fields.fits();
  return length >= kLeastProtected && length <= fields.rest().length();
}

// RFC 9000 17.2.1: the versions that a server has, at least one of which we have heard of.
bool is_version_list(Layer list) {
  constexpr std::uint32_t kMaxList = 256;
  if (list.length() == 0 || list.length() % 4 != 0 || list.length() > kMaxList) return false;
  bool known = false;
  while (list.peek(4) != nullptr) {
    const std::uint32_t version = load_be32(list.position());
    const Layout layout = layout_of(version);
    if (layout == Layout::negotiation) return false;
    known = known || is_google(version) || (layout != Layout::unknown && layout != Layout::greased);
    list.advance(4);
  }
  return known;
}

// The version of Google's that had a long header before ids had a length each: two lengths in one
// byte, of which one is 8 and the other absent.
bool fits_google46(std::uint8_t first, Layer rest) {
  constexpr std::uint8_t kReserved = 0x0c, kDestination = 0x50, kSource = 0x05;
  const std::uint8_t* lengths = rest.peek(1);
  if (lengths == nullptr || (first & kReserved) != 0) return false;
  return (*lengths == kDestination || *lengths == kSource) && rest.length() > 1 + 8 + 4;
}

// Public flags, 8 bytes of connection id, the version.
bool read_old_google(Layer payload, std::uint32_t& version) {
  const std::uint8_t* header = payload.peek(13);
  if (header == nullptr) return false;
  version = load_be32(header + 9);
  return is_google(version);
}

bool read_long_header(std::uint8_t first, Layer payload, std::uint32_t& version) {
  constexpr std::uint8_t kFixed = 0x40;
  const std::uint8_t* header = payload.peek(5);
  if (header == nullptr) return false;
  version = load_be32(header + 1);
  const Layout layout = layout_of(version);
  if (layout == Layout::unknown) return false;
  if ((first & kFixed) == 0 && layout != Layout::negotiation) return false;
  const std::uint32_t datagram = payload.length();
  payload.advance(5);
  if (layout == Layout::google46) return fits_google46(first, payload);
  Fields fields(payload);
  const std::uint32_t destination = fields.connection_id();
  const std::uint32_t source = fields.connection_id();
  if (fields.cut() || !fields.fits()) return false;
  const unsigned type = first >> 4 & 3U;
  switch (layout) {
    case Layout::version1:
      return fits_version1(type, datagram, fields);
    case Layout::version2:
      return fits_version1((type - 1U) & 3U, datagram, fields);  // RFC 9369 3.2
    case Layout::greased:  // by a client, to be refused (RFC 9000 6.3)
      return datagram >= kLeastInitial && destination >= kLeastFirstDestination;
    default:
      return source >= kLeastFirstDestination && is_version_list(fields.rest());
  }
}

// RTP (RFC 3550 5.1) begins as a version negotiation may, but goes on with a sequence number.
bool may_be_rtp(const Packet& out) {
  return out.payload_captured >= 5 && (out.payload[0] & 0xc0) == 0x80 &&
         load_be32(out.payload + 1) != 0;
}

}  // namespace

bool has_spin_bit(std::uint32_t version) {
  const Layout layout = layout_of(version);
  return (layout == Layout::version1 || layout == Layout::version2) && !is_google(version);
}

bool read_quic(Layer payload, std::uint32_t& version) {
  const std::uint8_t* first = payload.peek(1);
  if (first == nullptr || !may_be_quic(*first)) return false;
  return *first < 0x80 ? read_old_google(payload, version)
                       : read_long_header(*first, payload, version);
}

void note_quic(Packet& out) {
  if ((out.layers & kIsDns) != 0 || may_be_rtp(out)) return;
  std::uint32_t version = 0;
  if (!read_quic({out.payload, out.payload_captured, out.payload_bytes}, version)) return;
  out.layers |= kIsQuic;
  out.quic_version = version;
}

}  // namespace panoptes
