#include "binding/inspection_object.h"

#include <memory>
#include <string>

#include "probe/inspection.h"

namespace panoptes {
namespace {

Napi::Number number(Napi::Env env, std::uint64_t value) {
  return Napi::Number::New(env, static_cast<double>(value));
}

Napi::Object message_object(Napi::Env env, const SourceMessage& message) {
  auto out = Napi::Object::New(env);
  out.Set("code", message.code);
  out.Set("message", message.message);
  out.Set("hint", message.hint);
  return out;
}

// Seconds since 1970 and nanoseconds: a double does not hold both.
Napi::Object time_object(Napi::Env env, std::int64_t ns) {
  constexpr std::int64_t kNanos = 1'000'000'000;
  const std::int64_t nanos = ((ns % kNanos) + kNanos) % kNanos;
  auto out = Napi::Object::New(env);
  const std::int64_t seconds = (ns - nanos) / kNanos;
  out.Set("seconds", static_cast<double>(seconds));
  out.Set("nanos", static_cast<double>(nanos));
  return out;
}

Napi::Object file_object(Napi::Env env, const CaptureFacts& file) {
  auto out = Napi::Object::New(env);
  out.Set("format", file.format);
  out.Set("version", file.version);
  out.Set("bigEndian", file.big_endian);
  out.Set("sections", file.sections);
  auto interfaces = Napi::Array::New(env, file.interfaces.size());
  for (std::uint32_t i = 0; i < file.interfaces.size(); ++i) {
    auto one = Napi::Object::New(env);
    one.Set("linkType", file.interfaces[i].link_type);
    one.Set("snaplen", file.interfaces[i].snaplen);
    one.Set("timeUnit", file.interfaces[i].time_unit);
    interfaces.Set(i, one);
  }
  out.Set("interfaces", interfaces);
  auto blocks = Napi::Array::New(env);
  for (const auto& [type, count] : file.other_blocks) {
    auto one = Napi::Object::New(env);
    one.Set("type", type);
    one.Set("count", number(env, count));
    blocks.Set(blocks.Length(), one);
  }
  out.Set("otherBlocks", blocks);
  return out;
}

Napi::Array links_array(Napi::Env env, const InspectionFacts& facts) {
  auto out = Napi::Array::New(env);
  for (const auto& [type, count] : facts.links) {
    const LinkTypeName name = link_type_name(type);
    auto one = Napi::Object::New(env);
    one.Set("linkType", type);
    one.Set("name", name.name);
    one.Set("about", name.about);
    one.Set("packets", number(env, count.packets));
    one.Set("cut", number(env, count.cut));
    out.Set(out.Length(), one);
  }
  return out;
}

Napi::Array undecoded_array(Napi::Env env, const InspectionFacts& facts) {
  auto out = Napi::Array::New(env);
  for (std::size_t i = 1; i < kUndecodedReasons; ++i) {
    if (facts.undecoded[i] == 0) continue;
    const UndecodedExample& example = facts.examples[i];
    auto one = Napi::Object::New(env);
    one.Set("reason", std::string(name(static_cast<Undecoded>(i))));
    one.Set("packets", number(env, facts.undecoded[i]));
    one.Set("firstPacket", number(env, example.packet));
    one.Set("linkType", example.link_type);
    one.Set("captured", example.captured);
    one.Set("wire", example.wire);
    one.Set("head",
            Napi::Buffer<std::uint8_t>::Copy(env, example.head.data(), example.head.size()));
    out.Set(out.Length(), one);
  }
  return out;
}

Napi::Object facts_object(Napi::Env env, const InspectionFacts& facts) {
  auto out = Napi::Object::New(env);
  out.Set("file", file_object(env, facts.file));
  out.Set("links", links_array(env, facts));
  out.Set("undecoded", undecoded_array(env, facts));
  auto warnings = Napi::Array::New(env, facts.warnings.size());
  for (std::uint32_t i = 0; i < facts.warnings.size(); ++i) {
    warnings.Set(i, message_object(env, facts.warnings[i]));
  }
  out.Set("warnings", warnings);
  if (!facts.error.code.empty()) out.Set("error", message_object(env, facts.error));
  out.Set("packets", number(env, facts.packets));
  out.Set("wireBytes", number(env, facts.wire_bytes));
  out.Set("capturedBytes", number(env, facts.captured_bytes));
  out.Set("mostCaptured", facts.most_captured);
  out.Set("dropped", number(env, facts.source.dropped));
  out.Set("ifDropped", number(env, facts.source.if_dropped));
  out.Set("earliest", time_object(env, facts.earliest_ns));
  out.Set("latest", time_object(env, facts.latest_ns));
  out.Set("duration", static_cast<double>(facts.latest_ns - facts.earliest_ns) / 1e9);
  out.Set("stepsBack", number(env, facts.steps_back));
  out.Set("largestStepBack", static_cast<double>(facts.largest_back_ns) / 1e9);
  out.Set("largestStepBackAt", number(env, facts.largest_back_at));
  return out;
}

class NativeInspection final : public Napi::ObjectWrap<NativeInspection> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "NativeInspection",
                       {
                           InstanceMethod<&NativeInspection::push>("push"),
                           InstanceMethod<&NativeInspection::end>("end"),
                       });
  }

  explicit NativeInspection(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<NativeInspection>(info) {
    if (info.Length() < 2 || !info[0].IsString() || !info[1].IsNumber()) {
      Napi::TypeError::New(info.Env(), "NativeInspection(name, maxTunnels)")
          .ThrowAsJavaScriptException();
      return;
    }
    const auto depth = static_cast<std::uint8_t>(info[1].As<Napi::Number>().Uint32Value());
    inspection_ = std::make_unique<Inspection>(info[0].As<Napi::String>().Utf8Value(),
                                               DecodeOptions{.max_tunnels = depth});
  }

 private:
  Napi::Value push(const Napi::CallbackInfo& info) {
    if (inspection_ && info.Length() > 0 && info[0].IsTypedArray()) {
      const auto bytes = info[0].As<Napi::Uint8Array>();
      inspection_->push(bytes.Data(), bytes.ByteLength());
    }
    return info.Env().Undefined();
  }

  Napi::Value end(const Napi::CallbackInfo& info) {
    if (!inspection_) return info.Env().Undefined();
    return facts_object(info.Env(), inspection_->end());
  }

  std::unique_ptr<Inspection> inspection_;
};

}  // namespace

Napi::Function define_inspection(Napi::Env env) { return NativeInspection::define(env); }

}  // namespace panoptes
