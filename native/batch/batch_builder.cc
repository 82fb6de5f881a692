#include "batch/batch_builder.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <vector>

#include "batch/column_encoder.h"
#include "batch/columns.h"
#include "batch/dictionary.h"

namespace panoptes {
namespace {

constexpr std::size_t kHeadRoom = 32;  // Frame tag and length, number, first record
constexpr std::uint64_t kNanos = 1'000'000'000;

// Field numbers of Frame, FlowBatch and RowSet.
constexpr std::uint32_t kFrameBatch = 2;
enum BatchField : std::uint32_t {
  kNumber = 1,
  kRows,
  kBaseSeconds,
  kFirstRecord,
  kColumns,
  kRowSets,
  kIpv4Dictionary,
  kIpv6Dictionary,
  kMacDictionary,
  kPayload
};
enum RowSetField : std::uint32_t { kRowNumbers = 1, kBitmap };

bool has_ports(std::uint8_t protocol) {
  return protocol == 6 || protocol == 17 || protocol == 132 || protocol == 33 || protocol == 136;
}

// Low and high endpoint -> src and dst.
std::uint16_t oriented_state(const Flow& flow) {
  std::uint16_t s = flow.tcp_state;
  const auto scaled = [&](bool high) {
    const Side* side = flow.sent(high);
    return side != nullptr && (side->seen & kSeenScaledWindow) != 0;
  };
  if (scaled(false)) s |= kStateLowScaled;
  if (scaled(true)) s |= kStateHighScaled;
  if (!flow.src_is_high()) return s;
  constexpr std::uint16_t kLow = kStateLowFin | kStateLowFinAcked | kStateLowRst | kStateLowScaled;
  return static_cast<std::uint16_t>((s & ~(kLow | kLow << 1)) | ((s & kLow) << 1) |
                                    ((s >> 1) & kLow));
}
static_assert(kStateHighFin == kStateLowFin << 1 && kStateHighFinAcked == kStateLowFinAcked << 1 &&
              kStateHighRst == kStateLowRst << 1 && kStateHighScaled == kStateLowScaled << 1);

void encode_row_set(protozero::pbf_writer& batch, const RowSet& set, std::uint32_t rows,
                    std::string& scratch) {
  protozero::pbf_writer message(batch, kRowSets);
  if (set.count * 16 < rows) {
    message.add_bytes(kRowNumbers, reinterpret_cast<const char*>(set.rows.data()),
                      set.count * sizeof(std::uint16_t));
    return;
  }
  scratch.assign((rows + 7) / 8, '\0');
  for (std::uint32_t i = 0; i < set.count; ++i) {
    const std::uint16_t row = set.rows[i];
    scratch[row / 8] = static_cast<char>(scratch[row / 8] | (1 << row % 8));
  }
  message.add_bytes(kBitmap, scratch);
}

}  // namespace

struct Dictionaries {
  Dictionary<4> ipv4;
  Dictionary<16> ipv6;
  Dictionary<6> mac;
};

void EncodedBatch::set_numbers(std::uint64_t batch, std::uint64_t first_record) {
  std::string numbers;
  protozero::pbf_writer writer(numbers);
  writer.add_fixed64(kNumber, batch);
  writer.add_fixed64(kFirstRecord, first_record);
  std::string frame;
  frame += static_cast<char>(kFrameBatch << 3 | 2);
  protozero::write_varint(std::back_inserter(frame), numbers.size() + size());
  frame += numbers;
  begin -= frame.size();
  std::copy(frame.begin(), frame.end(), bytes.begin() + static_cast<std::ptrdiff_t>(begin));
}

BatchBuilder::BatchBuilder(BatchOutlet& outlet)
    : outlet_(outlet),
      columns_(std::make_unique<Columns>()),
      dictionaries_(std::make_unique<Dictionaries>()) {}

BatchBuilder::~BatchBuilder() = default;

namespace {

// What one endpoint sent, in the columns of its direction; nullptr: nothing in this record.
void add_side(SideColumns& c, std::uint32_t row, const Flow& flow, bool high, std::int64_t start) {
  const Side* sent = flow.sent(high);
  if (sent == nullptr) {
    c.packets[row] = 0;
    c.bytes[row] = c.app_bytes[row] = 0;
    return;
  }
  const Side& side = *sent;
  c.packets[row] = side.packets;
  c.bytes[row] = side.bytes;
  c.app_bytes[row] = side.app_bytes;
  c.first[c.set_sent.add(row)] = static_cast<std::uint64_t>(side.first_ns - start);
  if (side.packets > 1) {
    const std::uint32_t at = c.set_several.add(row);
    c.span[at] = static_cast<std::uint64_t>(side.last_ns - side.first_ns);
    c.min_size[at] = side.min_size;
    c.max_size[at] = side.max_size;
  }
  if (side.fragments != 0) c.fragments[c.set_fragments.add(row)] = side.fragments;
  if (side.ce_packets != 0) c.ce_packets[c.set_ce_packets.add(row)] = side.ce_packets;
  if (side.zero_windows != 0) c.zero_windows[c.set_zero_windows.add(row)] = side.zero_windows;
  if ((side.seen & kSeenVlan) != 0) c.vlan[c.set_vlan.add(row)] = flow.vlan[high];
  if (side.ip_flags != 0) c.ip_flags[c.set_ip_flags.add(row)] = side.ip_flags;
  if (side.gap_lead >= 0) {
    c.gap_lead[c.set_gap_lead.add(row)] = static_cast<std::uint64_t>(side.gap_lead);
  }
  // One gap says all by its sum, two by their sum and the smaller one.
  const std::uint32_t gaps = gap_count(side);
  if (gaps >= 2) c.gap_min[c.set_gaps.add(row)] = static_cast<std::uint64_t>(side.gap_min);
  if (gaps >= 3) {
    const std::uint32_t at = c.set_many_gaps.add(row);
    c.gap_m2[at] = side.gap_m2;
    c.gap_max[at] = static_cast<std::uint64_t>(side.gap_max);
  }
}

void add_ip_side(SideColumns& c, std::uint32_t row, const Flow& flow, const Side& side) {
  const std::uint32_t at = c.set_ip.add(row);
  c.ttl[at] = side.ttl;
  c.tos[at] = side.tos;
  if (side.ttl_min != side.ttl_max) {
    const std::uint32_t varied = c.set_ttl_varied.add(row);
    c.ttl_min[varied] = side.ttl_min;
    c.ttl_max[varied] = side.ttl_max;
  }
  if (flow.key.kind == FlowKind::ipv4) c.ip_id[c.set_ipv4.add(row)] = side.ip_id;
}

void add_tcp_side(SideColumns& c, std::uint32_t row, const Side& side) {
  const std::uint32_t at = c.set_tcp.add(row);
  c.tcp_flags[at] = side.tcp_flags;
  c.tcp_options[at] = side.tcp_options;
  c.tcp_base[at] = side.base_seq;
  if (side.mss != 0) c.mss[c.set_mss.add(row)] = side.mss;
  if (side.window_shift != 0xff) {
    c.window_shift[c.set_window_shift.add(row)] = side.window_shift;
  }
  if ((side.seen & kSeenWindow) != 0) c.window[c.set_window.add(row)] = side.window;
  if (side.window_min < side.window_max) {
    const std::uint32_t varied = c.set_window_varied.add(row);
    c.window_min[varied] = side.window_min;
    c.window_max[varied] = side.window_max;
  }
}

// A cooked link names only the sender: all zero is unknown.
void add_mac(SideColumns& c, std::uint32_t row, const std::uint8_t* mac,
             Dictionary<6>& dictionary) {
  if ((mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]) == 0) return;
  c.mac[c.set_mac.add(row)] = dictionary.index_of(mac);
}

void add_payload(SideColumns& c, std::uint32_t row, std::span<const std::uint8_t> bytes,
                 std::string& blob) {
  if (bytes.empty()) return;
  c.payload[c.set_payload.add(row)] = static_cast<std::uint16_t>(bytes.size());
  blob.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

void BatchBuilder::record(const Flow& flow, const RecordInfo& info) {
  Columns& c = *columns_;
  const std::uint32_t row = rows_;
  const Side* src = flow.sent(flow.src_is_high());
  const Side* dst = flow.sent(!flow.src_is_high());
  if (src == nullptr && dst == nullptr) return;
  const std::int64_t start = src == nullptr   ? dst->first_ns
                             : dst == nullptr ? src->first_ns
                                              : std::min(src->first_ns, dst->first_ns);
  c.start[row] = static_cast<std::uint64_t>(start);
  c.flow_id[row] = flow.id;
  c.cause[row] = static_cast<std::uint8_t>(info.cause);
  c.reason[row] = static_cast<std::uint8_t>(info.reason);
  c.evidence[row] = static_cast<std::uint8_t>(flow.evidence);
  add_key(flow);
  const bool ip = flow.key.kind == FlowKind::ipv4 || flow.key.kind == FlowKind::ipv6;
  bool tcp = false;
  for (const bool is_src : {true, false}) {
    SideColumns& side_columns = is_src ? c.src : c.dst;
    add_side(side_columns, row, flow, flow.src_is_high() == is_src, start);
    const Side* side = is_src ? src : dst;
    if (side == nullptr) continue;
    packets_ += side->packets;
    if (ip) add_ip_side(side_columns, row, flow, *side);
    if ((side->seen & kSeenTcp) == 0) continue;
    add_tcp_side(side_columns, row, *side);
    tcp = true;
  }
  if (tcp) add_tcp(flow);
  add_payload(c.src, row, info.src_payload, payload_);
  add_payload(c.dst, row, info.dst_payload, payload_);
  if (++rows_ == kMaxRows) flush();
}

void BatchBuilder::add_key(const Flow& flow) {
  Columns& c = *columns_;
  const std::uint32_t row = rows_;
  const FlowKey& key = flow.key;
  const bool high = flow.src_is_high();
  const std::uint8_t* src = high ? key.high_addr.data() : key.low_addr.data();
  const std::uint8_t* dst = high ? key.low_addr.data() : key.high_addr.data();
  c.kind[row] = static_cast<std::uint8_t>(key.kind);
  if (key.link_context != 0) c.link_context[c.set_link.add(row)] = key.link_context;
  Dictionaries& d = *dictionaries_;
  switch (key.kind) {
    case FlowKind::ipv4:
    case FlowKind::arp:
      c.src_address[row] = d.ipv4.index_of(src);
      c.dst_address[row] = d.ipv4.index_of(dst);
      break;
    case FlowKind::ipv6:
      c.src_address[row] = d.ipv6.index_of(src);
      c.dst_address[row] = d.ipv6.index_of(dst);
      break;
    default:
      c.src_address[row] = d.mac.index_of(src);
      c.dst_address[row] = d.mac.index_of(dst);
      break;
  }
  if (key.kind == FlowKind::ipv4 || key.kind == FlowKind::ipv6) {
    c.protocol[c.set_ip.add(row)] = key.protocol;
    if (has_ports(key.protocol)) {
      const std::uint32_t at = c.set_ports.add(row);
      c.src_port[at] = high ? key.high_port : key.low_port;
      c.dst_port[at] = high ? key.low_port : key.high_port;
    }
    if (flow.dns != 0) c.dns_id[c.set_dns.add(row)] = key.aux;
    if (key.protocol == 1 || key.protocol == 58) {
      const std::uint32_t at = c.set_icmp.add(row);
      c.icmp_type[at] = flow.icmp_type;
      c.icmp_code[at] = flow.icmp_code;
      if (flow.icmp_has_id != 0) c.icmp_id[c.set_icmp_id.add(row)] = key.aux;
    }
  } else if (key.kind == FlowKind::ethernet) {
    c.ethertype[c.set_ethernet.add(row)] = key.aux;
  } else {
    c.arp_operation[c.set_arp.add(row)] = flow.arp_operation;
  }
  const std::uint32_t inner_vlan = key.link_context >> 12 & 0xfff;
  if (inner_vlan != 0) {
    c.inner_vlan[c.set_inner_vlan.add(row)] = static_cast<std::uint16_t>(inner_vlan);
  }
  if (flow.has_mac()) {
    add_mac(c.src, row, flow.mac[high], d.mac);
    add_mac(c.dst, row, flow.mac[!high], d.mac);
  }
}

void BatchBuilder::add_tcp(const Flow& flow) {
  Columns& c = *columns_;
  const std::uint32_t row = rows_;
  c.tcp_state[c.set_tcp.add(row)] = oriented_state(flow);
  if (flow.syn_ns != 0 && flow.syn_ack_ns >= flow.syn_ns) {
    c.synack[c.set_synack.add(row)] = static_cast<std::uint64_t>(flow.syn_ack_ns - flow.syn_ns);
  }
  if (flow.ack_ns != 0 && flow.ack_ns >= flow.syn_ack_ns) {
    c.ackdat[c.set_ackdat.add(row)] = static_cast<std::uint64_t>(flow.ack_ns - flow.syn_ack_ns);
  }
}

void BatchBuilder::flush() {
  if (rows_ == 0) return;
  auto batch = encode();
  columns_->for_each_row_set([](RowSet& set) { set.count = 0; });
  dictionaries_->ipv4.clear();
  dictionaries_->ipv6.clear();
  dictionaries_->mac.clear();
  payload_.clear();
  rows_ = 0;
  packets_ = 0;
  outlet_.batch(std::move(batch));
}

std::unique_ptr<EncodedBatch> BatchBuilder::encode() {
  Columns& c = *columns_;
  c.set_all.count = c.src.set_all.count = c.dst.set_all.count = rows_;
  const std::uint64_t earliest = *std::min_element(c.start.begin(), c.start.begin() + rows_);
  const std::uint64_t base_seconds = earliest / kNanos;
  // Address indexes run through all dictionaries: IPv4, then IPv6, then MAC.
  const auto v4 = static_cast<std::uint16_t>(dictionaries_->ipv4.count());
  const auto v6 = static_cast<std::uint16_t>(dictionaries_->ipv6.count());
  for (std::uint32_t i = 0; i < rows_; ++i) {
    c.start[i] -= base_seconds * kNanos;
    const auto kind = static_cast<FlowKind>(c.kind[i]);
    if (kind == FlowKind::ipv4 || kind == FlowKind::arp) continue;
    const std::uint32_t offset = kind == FlowKind::ipv6 ? v4 : std::uint32_t{v4} + v6;
    c.src_address[i] = static_cast<std::uint16_t>(c.src_address[i] + offset);
    c.dst_address[i] = static_cast<std::uint16_t>(c.dst_address[i] + offset);
  }

  auto out = std::make_unique<EncodedBatch>();
  out->records = rows_;
  out->packets = packets_;
  out->begin = kHeadRoom;
  out->bytes.reserve(last_size_ + last_size_ / 8 + 4096);
  out->bytes.assign(kHeadRoom, '\0');
  protozero::pbf_writer batch(out->bytes);
  batch.add_uint32(kRows, rows_);
  batch.add_fixed64(kBaseSeconds, base_seconds);

  // Row sets that are neither empty nor everything, each kind once; columns name them by their
  // order.
  std::vector<const RowSet*> sets;
  c.for_each_row_set([&](RowSet& set) {
    set.number = 0;
    if (set.count == 0 || set.count == rows_) return;
    for (const RowSet* known : sets) {
      if (*known == set) {
        set.number = known->number;
        return;
      }
    }
    sets.push_back(&set);
    set.number = static_cast<std::uint32_t>(sets.size());
    encode_row_set(batch, set, rows_, scratch_);
  });
  ColumnEncoder encoder(batch, scratch_);
  c.for_each_column([&](std::uint32_t id, ColumnKind kind, const auto* values, const RowSet& set) {
    encoder.encode(id, kind, values, set.count, set.number);
  });

  const auto add_dictionary = [&](std::uint32_t field, const auto& dictionary) {
    if (dictionary.count() != 0) batch.add_bytes(field, dictionary.data(), dictionary.size());
  };
  add_dictionary(kIpv4Dictionary, dictionaries_->ipv4);
  add_dictionary(kIpv6Dictionary, dictionaries_->ipv6);
  add_dictionary(kMacDictionary, dictionaries_->mac);
  if (!payload_.empty()) batch.add_bytes(kPayload, payload_);
  last_size_ = out->bytes.size();
  return out;
}

}  // namespace panoptes
