#include "examples/dashboard_files.h"

#include <string>
#include <string_view>

#define RP_DASHBOARD(FILE)               \
  FILE(index_html, "index.html")         \
  FILE(dashboard_css, "dashboard.css")   \
  FILE(panels_css, "panels.css")         \
  FILE(icon_svg, "icon.svg")             \
  FILE(example_trace, "example.trace")   \
  FILE(columns_js, "columns.js")         \
  FILE(connection_js, "connection.js")   \
  FILE(dashboard_js, "dashboard.js")     \
  FILE(experiments_js, "experiments.js") \
  FILE(lanes_js, "lanes.js")             \
  FILE(latency_js, "latency.js")         \
  FILE(live_js, "live.js")               \
  FILE(paint_js, "paint.js")             \
  FILE(panels_js, "panels.js")           \
  FILE(replay_js, "replay.js")           \
  FILE(ring_js, "ring.js")               \
  FILE(text_js, "text.js")               \
  FILE(tick_table_js, "tick_table.js")   \
  FILE(trace_js, "trace.js")             \
  FILE(workers_js, "workers.js")

// The assembler takes the bytes in, from the folder in which make runs.
#define RP_EMBED(symbol, file)                                          \
  asm(".section .rodata\n"                                              \
      ".hidden rp_" #symbol "\n.global rp_" #symbol "\nrp_" #symbol     \
      ":\n.incbin \"examples/dashboard/" file "\"\n.hidden rp_" #symbol \
      "_end\n.global rp_" #symbol "_end\nrp_" #symbol                   \
      "_end:\n.byte 0\n.previous\n");                                   \
  extern "C" const char rp_##symbol[];                                  \
  extern "C" const char rp_##symbol##_end[];
#define RP_ROW(symbol, file) {file, rp_##symbol, rp_##symbol##_end},

RP_DASHBOARD(RP_EMBED)

namespace rp {
namespace {

struct Embedded {
  std::string_view name;
  const char* begin;
  const char* end;
};

const Embedded kFiles[] = {RP_DASHBOARD(RP_ROW)};

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".trace")) return "text/plain; charset=utf-8";
  return media_type(name);
}

}  // namespace

std::vector<HttpFile> dashboard_files() {
  std::vector<HttpFile> files;
  for (const Embedded& file : kFiles) {
    const std::string name(file.name);
    files.push_back({.url = name == "index.html" ? "/" : "/" + name,
                     .type = std::string(type_of(name)),
                     .bytes = std::string(file.begin, file.end)});
  }
  return files;
}

}  // namespace rp
