// The border: options in, encoded frames out. Shape: NativeModule in src/probe/addon.ts.
//
// Capture threads call into JavaScript only to say that there is something to take, through one
// thread-safe function; frames are taken as external buffers, without a copy. When the environment
// ends (process exit, worker terminated), the threads are joined before the addon's data goes.
#include <napi.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "base/cpus.h"
#include "binding/inspection_object.h"
#include "binding/options.h"
#include "capture/live_check.h"
#include "capture/open.h"
#include "flow/flow_tracker.h"
#include "probe/probe.h"

namespace panoptes {
namespace {

enum class Signal : std::uint8_t { readable, drained };

class NativeProbe final : public Napi::ObjectWrap<NativeProbe> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "NativeProbe",
                       {
                           InstanceMethod<&NativeProbe::start>("start"),
                           InstanceMethod<&NativeProbe::take>("take"),
                           InstanceMethod<&NativeProbe::stop>("stop"),
                           InstanceMethod<&NativeProbe::feed>("feed"),
                           InstanceMethod<&NativeProbe::feed_end>("feedEnd"),
                           InstanceMethod<&NativeProbe::status>("status"),
                       });
  }

  explicit NativeProbe(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NativeProbe>(info) {
    const Napi::Env env = info.Env();
    if (info.Length() < 2 || !info[0].IsObject() || !info[1].IsFunction()) {
      Napi::TypeError::New(env, "NativeProbe(options, onSignal)").ThrowAsJavaScriptException();
      return;
    }
    signal_ = Napi::ThreadSafeFunction::New(env, info[1].As<Napi::Function>(), "panoptes", 0, 1);
    napi_add_env_cleanup_hook(env, &NativeProbe::environment_ends, this);
    try {
      probe_ = std::make_unique<Probe>(
          read_options(info[0].As<Napi::Object>()), [this] { send(Signal::readable); },
          [this] { send(Signal::drained); });
    } catch (const std::bad_alloc&) {
      close();
      Napi::Error::New(env, "not enough memory for the flow table, try a lower maxFlows")
          .ThrowAsJavaScriptException();
    }
  }
  ~NativeProbe() override {
    napi_remove_env_cleanup_hook(Env(), &NativeProbe::environment_ends, this);
    close();
  }

 private:
  static void environment_ends(void* self) { static_cast<NativeProbe*>(self)->close(); }

  // Ends the threads first, so that nobody signals any more, then the signal itself.
  void close() {
    if (closed_) return;
    closed_ = true;
    if (probe_) probe_->abandon();
    signal_.Abort();
  }

  void send(Signal signal) {
    signal_.NonBlockingCall([signal](Napi::Env env, Napi::Function on_signal) {
      on_signal.Call({Napi::String::New(env, signal == Signal::readable ? "readable" : "drained")});
    });
  }

  // Keeps the object alive while threads run, until `end` is taken.
  Napi::Value start(const Napi::CallbackInfo& info) {
    if (!probe_ || started_ || closed_) return info.Env().Undefined();
    started_ = true;
    Ref();
    probe_->start();
    return info.Env().Undefined();
  }

  Napi::Value stop(const Napi::CallbackInfo& info) {
    if (probe_ && !closed_) probe_->stop();
    return info.Env().Undefined();
  }

  Napi::Value take(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    Item item;
    if (!probe_ || closed_ || !probe_->take(item)) return env.Undefined();
    auto out = Napi::Object::New(env);
    switch (item.kind) {
      case Item::Kind::batch: {
        EncodedBatch* batch = item.batch.release();
        out.Set("kind", "batch");
        out.Set("records", batch->records);
        out.Set("number", static_cast<double>(item.number));
        out.Set("bytes", Napi::Buffer<char>::NewOrCopy(
                             env, const_cast<char*>(batch->data()), batch->size(),
                             [](Napi::Env, char*, EncodedBatch* owner) { delete owner; }, batch));
        break;
      }
      case Item::Kind::status:
      case Item::Kind::gap:
        out.Set("kind", item.kind == Item::Kind::gap ? "gap" : "status");
        out.Set("bytes", Napi::Buffer<char>::Copy(env, item.bytes.data(), item.bytes.size()));
        break;
      case Item::Kind::warning:
      case Item::Kind::error:
        out.Set("kind", item.kind == Item::Kind::error ? "error" : "warning");
        out.Set("code", item.message.code);
        out.Set("message", item.message.message);
        out.Set("hint", item.message.hint);
        out.Set("source", item.source);
        break;
      case Item::Kind::end:
        out.Set("kind", "end");
        close();
        Unref();
        break;
    }
    return out;
  }

  Napi::Value feed(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    Feed* feed = source_feed(info);
    if (feed == nullptr || info.Length() < 2 || !info[1].IsTypedArray()) {
      return Napi::Boolean::New(env, true);
    }
    const auto bytes = info[1].As<Napi::Uint8Array>();
    const std::size_t size = bytes.ByteLength();
    auto copy = std::make_unique<std::uint8_t[]>(size);
    std::copy_n(bytes.Data(), size, copy.get());
    std::uint8_t* raw = copy.release();
    return Napi::Boolean::New(env, feed->push(raw, size, [raw] { delete[] raw; }));
  }

  Napi::Value feed_end(const Napi::CallbackInfo& info) {
    if (Feed* feed = source_feed(info); feed != nullptr) feed->end();
    return info.Env().Undefined();
  }

  Napi::Value status(const Napi::CallbackInfo& info) {
    if (!probe_) return info.Env().Undefined();
    const std::string bytes = probe_->status_frame();
    return Napi::Buffer<char>::Copy(info.Env(), bytes.data(), bytes.size());
  }

  Feed* source_feed(const Napi::CallbackInfo& info) {
    if (!probe_ || closed_ || info.Length() < 1 || !info[0].IsNumber()) return nullptr;
    return probe_->feed(info[0].As<Napi::Number>().Uint32Value());
  }

  Napi::ThreadSafeFunction signal_;
  std::unique_ptr<Probe> probe_;
  bool started_ = false;
  bool closed_ = false;
};

Napi::Value interface_list(const Napi::CallbackInfo& info) {
  const auto names = interface_names();
  auto list = Napi::Array::New(info.Env(), names.size());
  for (std::uint32_t i = 0; i < names.size(); ++i) list.Set(i, names[i]);
  return list;
}

Napi::Value capture_library(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), pcap_version());
}

Napi::Value capture_right(const Napi::CallbackInfo& info) {
  std::string why;
  auto out = Napi::Object::New(info.Env());
  out.Set("ok", may_capture(why));
  out.Set("why", why);
  return out;
}

Napi::Value cpu_list(const Napi::CallbackInfo& info) {
  const auto cpus = allowed_cpus();
  auto list = Napi::Array::New(info.Env(), cpus.size());
  for (std::uint32_t i = 0; i < cpus.size(); ++i) list.Set(i, cpus[i]);
  return list;
}

// memory(maxFlows, { payloadBytes, payloadRules }, tcpHoles, threads): what the flow tables of so
// many threads take, which hold so many flows together.
Napi::Value memory(const Napi::CallbackInfo& info) {
  TrackerOptions options;
  if (info.Length() > 0 && info[0].IsNumber()) {
    options.max_flows = info[0].As<Napi::Number>().Uint32Value();
  }
  if (info.Length() > 1 && info[1].IsObject()) read_payload(info[1].As<Napi::Object>(), options);
  if (info.Length() > 2 && info[2].IsNumber()) {
    options.tcp_holes = info[2].As<Napi::Number>().Uint32Value();
  }
  std::uint32_t threads = 1;
  if (info.Length() > 3 && info[3].IsNumber()) {
    threads = std::max(info[3].As<Napi::Number>().Uint32Value(), 1U);
  }
  const MemoryNeed need = memory_need(share_of(options, threads, 0));
  auto out = Napi::Object::New(info.Env());
  out.Set("baseBytes", static_cast<double>(need.base_bytes) * threads);
  out.Set("bytesPerFlow", need.bytes_per_flow);
  out.Set("payloadBytes", need.payload_bytes * threads);
  out.Set("bytesPerExtra", need.bytes_per_extra);
  out.Set("bytesPerTcpTrouble", need.bytes_per_cold);
  out.Set("mostTcpTroubles", static_cast<double>(need.most_cold) * threads);
  return out;
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("NativeProbe", NativeProbe::define(env));
  exports.Set("NativeInspection", define_inspection(env));
  exports.Set("interfaceNames", Napi::Function::New<interface_list>(env));
  exports.Set("allowedCpus", Napi::Function::New<cpu_list>(env));
  exports.Set("pcapVersion", Napi::Function::New<capture_library>(env));
  exports.Set("mayCapture", Napi::Function::New<capture_right>(env));
  auto reasons = Napi::Array::New(env);
  for (std::uint32_t i = 1; i < kUndecodedReasons; ++i) {
    reasons.Set(i - 1, std::string(name(static_cast<Undecoded>(i))));
  }
  exports.Set("undecodedReasons", reasons);
  exports.Set("memory", Napi::Function::New<memory>(env));
  return exports;
}

NODE_API_MODULE(panoptes, initialize)

}  // namespace
}  // namespace panoptes
