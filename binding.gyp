# The addon as npm builds it (node-gyp). Developers' builds, tests and fuzzers: native/CMakeLists.txt.
# Both read the list of sources in native/sources.json. Warnings are errors only there: a compiler that
# nobody has met yet must not keep a user from installing.
{
  "variables": {
    # Of GCC on Linux: link-time optimisation takes a tenth of the packet path. Other compilers need a linker plugin for it.
    "gcc": "<!(sh -c 'if ${CXX:-c++} --version 2>/dev/null | grep -q \"Free Software Foundation\"; then echo 1; else echo 0; fi')"
  },
  "targets": [
    {
      "target_name": "panoptes",
      "sources": [
        "<!@(node -p \"Object.values(require('./native/sources.json')).flat().map((f) => 'native/' + f).join(' ')\")"
      ],
      "include_dirs": ["native"],
      "defines": ["NAPI_VERSION=8", "NDEBUG", "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "libraries": ["-lpcap"],
      "cflags!": ["-O2", "-fno-exceptions"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-exceptions"],
      "cflags_cc": [
        "-std=c++20",
        "-O3",
        "-fomit-frame-pointer",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Wshadow",
        "-Wconversion",
        "-fvisibility=hidden",
        "-isystem <!(node -p \"require('path').dirname(require.resolve('node-addon-api/package.json'))\")",
        "-isystem <!(node -p \"require('path').dirname(require.resolve('protozero/package.json'))\")/include"
      ],
      "conditions": [
        ["OS==\"linux\" and gcc==1", { "cflags_cc": ["-flto=auto"], "ldflags": ["-flto=auto", "-O3"] }]
      ],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++20",
        "CLANG_CXX_LIBRARY": "libc++",
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "12.0",
        "OTHER_CPLUSPLUSFLAGS": [
          "-isystem <!(node -p \"require('path').dirname(require.resolve('node-addon-api/package.json'))\")",
          "-isystem <!(node -p \"require('path').dirname(require.resolve('protozero/package.json'))\")/include"
        ]
      }
    }
  ]
}
