// Writes programs of classic BPF (Linux: Documentation/networking/filter.rst). For
// fanout_program.cc and frame_trim.cc.
#pragma once

#ifdef __linux__
#include <linux/filter.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace panoptes {

// Jumps go to labels, which are put in place once all is written.
class BpfAssembler {
 public:
  using Label = std::uint8_t;  // below kLabels
  static constexpr std::size_t kLabels = 16;

  void op(std::uint32_t code, std::uint32_t k = 0) {
    code_.push_back({static_cast<std::uint16_t>(code), 0, 0, k});
  }
  // Loads what stands `at` behind X.
  void load_behind_x(std::uint32_t size, std::uint32_t at) { op(BPF_LD | size | BPF_IND, at); }
  // Where A is `k`; a conditional jump alone reaches 255 instructions only.
  void jump_if(std::uint32_t k, Label to) { jump_where(BPF_JEQ, k, to); }
  void jump_unless(std::uint32_t k, Label to) {
    code_.push_back({BPF_JMP | BPF_JEQ | BPF_K, 1, 0, k});
    jump(to);
  }
  // Where A is at least `k`.
  void jump_from(std::uint32_t k, Label to) { jump_where(BPF_JGE, k, to); }
  void jump(Label to) {
    open_.emplace_back(code_.size(), to);
    op(BPF_JMP | BPF_JA);
  }
  void place(Label label) { places_[label] = code_.size(); }

  std::size_t size() const { return code_.size(); }
  sock_filter& at(std::size_t index) { return code_[index]; }
  std::vector<sock_filter> finish() {
    for (const auto& [at, to] : open_) {
      code_[at].k = static_cast<std::uint32_t>(places_[to] - at - 1);
    }
    return std::move(code_);
  }

 private:
  void jump_where(std::uint32_t test, std::uint32_t k, Label to) {
    code_.push_back({static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), 0, 1, k});
    jump(to);
  }

  std::vector<sock_filter> code_;
  std::vector<std::pair<std::size_t, Label>> open_;
  std::array<std::size_t, kLabels> places_{};
};

}  // namespace panoptes
#endif
