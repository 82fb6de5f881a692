// mutate [--packets N] [--files N] [--seed S] [--only K | --round R] CAPTURE...
// With --only or --round: of the files where --files is given, else of the packets.
// Mutates captures and feeds the result to the probe's own worker: packets (bits, lengths, splices,
// tunnels, link types, times), then whole files through the capture readers. Each packet must end
// in one record or in one counter. Everything follows from the seed: a finding names the case that
// was under way, which --only repeats alone, and its round, which --round repeats with the state
// before.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>

#include "capture/feed_source.h"
#include "mutate/file_mutator.h"
#include "mutate/mutation_source.h"
#include "mutate/packet_mutator.h"
#include "mutate/round.h"
#include "mutate/seeds.h"
#include "mutate/watch.h"

namespace {

using namespace panoptes;
using namespace panoptes::mutate;

constexpr std::uint64_t kAll = ~std::uint64_t{0};

struct Options {
  std::uint64_t packets = 1'000'000;
  std::uint64_t files = 0;
  std::uint64_t seed = 1;
  std::uint64_t only = kAll;
  std::uint64_t round = kAll;
  std::vector<std::string> captures;
};

// The rounds of a kind of cases: `per_round` of them each, or what the options choose.
template <typename Run>
bool each_round(const Options& options, std::uint64_t count, std::uint64_t per_round, Run run) {
  if (options.only != kAll) {
    current_round = options.only / per_round;
    return run(options.only, options.only + 1);
  }
  if (options.round != kAll) {
    current_round = options.round;
    return run(options.round * per_round, (options.round + 1) * per_round);
  }
  for (std::uint64_t from = 0; from < count; from += per_round) {
    current_round = from / per_round;
    if (!run(from, std::min(from + per_round, count))) return false;
  }
  return true;
}

bool check(const std::string& problem) {
  if (problem.empty()) return true;
  say_case();
  std::fprintf(stderr, "mutate: %s\n", problem.c_str());
  return false;
}

void print(const MutatedPacket& packet) {
  std::fprintf(stderr, "link type %u, %u bytes captured, %u on the wire\n", packet.link_type,
               packet.size(), packet.wire);
  for (const std::uint8_t byte : packet.bytes) std::fprintf(stderr, "%02x", byte);
  std::fputc('\n', stderr);
}

bool mutate_packets(const Options& options, const Seeds& seeds, Tally& total) {
  constexpr std::uint64_t kPerRound = 100'000;
  const PacketMutator mutator(seeds, options.seed);
  if (options.only != kAll) {
    MutatedPacket packet;
    mutator.make(options.only, packet);
    print(packet);
  }
  return each_round(options, options.packets, kPerRound, [&](std::uint64_t from, std::uint64_t to) {
    const std::uint64_t round = current_round;
    const MutationSource::Cases cases{.first = from,
                                      .end = to,
                                      .seed = options.seed,
                                      .stable = round % 2 == 0,
                                      .wild_clock = round % 4 >= 2,
                                      .current = &current_case};
    NamedSource source{"mutations", [&](SourceMessage&) {
                         return std::make_unique<MutationSource>(mutator, cases);
                       }};
    Tally tally;
    std::string problem = run_round({std::move(source)}, odd_options(options.seed, round), tally);
    if (problem.empty() && tally.fed != to - from) problem = "not every packet was read";
    total.add(tally);
    return check(problem);
  });
}

std::unique_ptr<PacketSource> open_bytes(std::vector<std::uint8_t> bytes, std::size_t piece,
                                         SourceMessage& error) {
  auto feed = std::make_shared<Feed>();
  const auto kept = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  for (std::size_t at = 0; at < kept->size(); at += piece) {
    feed->push(kept->data() + at, std::min(piece, kept->size() - at), [kept] {});
  }
  feed->end();
  return open_feed("mutated file", std::move(feed), false, "", error);
}

bool mutate_files(const Options& options, const Seeds& seeds, Tally& total) {
  constexpr std::uint64_t kPerRound = 100;
  current_files = true;
  const FileMutator mutator(seeds, options.seed);
  return each_round(options, options.files, kPerRound, [&](std::uint64_t from, std::uint64_t to) {
    std::vector<NamedSource> sources;
    for (std::uint64_t number = from; number < to; ++number) {
      sources.push_back({"mutated file", [&, number](SourceMessage& error) {
                           current_case = number;
                           auto bytes = mutator.make(number);
                           Random random(options.seed + 3, number);
                           const std::size_t most = random.one_in(2) ? 256 : bytes.size() + 1;
                           const std::size_t piece =
                               std::max<std::size_t>(1 + random.below(most), bytes.size() / 256);
                           return open_bytes(std::move(bytes), piece, error);
                         }});
    }
    Tally tally;
    const std::string problem =
        run_round(std::move(sources), odd_options(options.seed, current_round), tally);
    total.add(tally);
    return check(problem);
  });
}

void print(const char* kind, std::uint64_t cases, const Tally& tally) {
  std::printf("%s: %llu cases, %llu packets: %llu in %llu records", kind,
              static_cast<unsigned long long>(cases), static_cast<unsigned long long>(tally.fed),
              static_cast<unsigned long long>(tally.in_records),
              static_cast<unsigned long long>(tally.records));
  for (std::size_t i = 1; i < tally.undecoded.size(); ++i) {
    if (tally.undecoded[i] == 0) continue;
    std::printf(", %llu %s", static_cast<unsigned long long>(tally.undecoded[i]),
                std::string(name(static_cast<Undecoded>(i))).c_str());
  }
  std::printf("; %llu flows evicted, %llu payloads without room, %llu sources refused\n",
              static_cast<unsigned long long>(tally.evicted),
              static_cast<unsigned long long>(tally.payload_skipped),
              static_cast<unsigned long long>(tally.source_errors));
  std::fflush(stdout);
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with("--")) {
      options.captures.emplace_back(word);
      continue;
    }
    std::uint64_t* number = word == "--packets" ? &options.packets
                            : word == "--files" ? &options.files
                            : word == "--seed"  ? &options.seed
                            : word == "--only"  ? &options.only
                            : word == "--round" ? &options.round
                                                : nullptr;
    if (number == nullptr || ++i == argc) return false;
    const std::string_view text = argv[i];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (error != std::errc() || end != text.data() + text.size()) return false;
  }
  return !options.captures.empty();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    std::fputs(
        "usage: mutate [--packets N] [--files N] [--seed S] [--only K | --round R] CAPTURE...\n",
        stderr);
    return 2;
  }
  Seeds seeds;
  for (const std::string& path : options.captures) {
    std::string problem;
    if (!seeds.add(path, problem)) {
      std::fprintf(stderr, "mutate: %s\n", problem.c_str());
      return 2;
    }
  }
  if (seeds.packets().empty()) {
    std::fputs("mutate: no packet in these captures\n", stderr);
    return 2;
  }
  run_seed = options.seed;
  watch();

  std::printf("seed %llu, %zu captures, %zu packets\n",
              static_cast<unsigned long long>(options.seed), seeds.files().size(),
              seeds.packets().size());
  const bool one = options.only != kAll || options.round != kAll;
  Tally packets;
  if (options.packets > 0 && !(one && options.files > 0)) {
    if (!mutate_packets(options, seeds, packets)) return 1;
    print("packets", packets.fed, packets);
  }
  Tally files;
  if (options.files > 0) {
    if (!mutate_files(options, seeds, files)) return 1;
    print("files", options.files, files);
  }
  return 0;
}
