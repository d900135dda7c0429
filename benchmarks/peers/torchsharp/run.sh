#!/usr/bin/env bash
# Builds the TorchSharp peer where it lies and runs it: run.sh {epoch|memory} [options]
# libtorch's native library asks for the libstdc++ of GCC 13 (symbol version GLIBCXX_3.4.32). Where the system has an older one, a stand-in is built from it that
# answers for that version too; it needs gcc and patchelf.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$here/bin/Release/net10.0/TorchSharpPeer
dotnet build "$here" -c Release -v q -nologo >&2
wanted=GLIBCXX_3.4.32
system=$(ldconfig -p | sed -n 's/.*libstdc++\.so\.6 (.*x86-64.*) => //p' | head -1)
if [ -n "$system" ] && ! grep -q "$wanted" "$system"; then
  stand_in=$here/obj/libstdc++
  if [ ! -f "$stand_in/libstdc++.so.6" ]; then
    for tool in gcc patchelf objdump; do command -v "$tool" > /dev/null || { echo "torchsharp: $tool is needed to stand in for a newer libstdc++; install it." >&2; exit 3; }; done
    mkdir -p "$stand_in"; cd "$stand_in"
    cp "$(readlink -f "$system")" libstdc++-system.so.6
    patchelf --set-soname libstdc++-system.so.6 libstdc++-system.so.6
    { objdump -p libstdc++-system.so.6 | awk '/Version definitions:/ { on = 1 } /Version References:/ { on = 0 } on && $4 ~ /^(GLIBCXX|CXXABI)_[0-9A-Z]/ { print $4 " { };" }' | sort -uV
      echo "$wanted { global: _ZSt21ios_base_library_initv; };"; } > versions
    # The one function of that version that libtorch calls; streams are ready without it.
    echo 'void _ZSt21ios_base_library_initv(void) {}' > added.c
    gcc -shared -fPIC -o libstdc++.so.6 added.c -Wl,--version-script=versions,-soname,libstdc++.so.6,--no-as-needed -L. -l:libstdc++-system.so.6 -Wl,-rpath,'$ORIGIN'
  fi
  export LD_LIBRARY_PATH="$stand_in${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
exec "$program" "$@"
