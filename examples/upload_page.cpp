#include "examples/upload_page.h"

#include <string>

// The assembler takes the bytes in, from the folder in which make runs.
#define RP_EMBED(symbol, file)                                            \
  asm(".section .rodata\n"                                                \
      ".hidden rp_upload_" #symbol "\n.global rp_upload_" #symbol         \
      "\nrp_upload_" #symbol ":\n.incbin \"examples/upload_page/" file    \
      "\"\n.hidden rp_upload_" #symbol "_end\n.global rp_upload_" #symbol \
      "_end\nrp_upload_" #symbol "_end:\n.byte 0\n.previous\n");          \
  extern "C" const char rp_upload_##symbol[];                             \
  extern "C" const char rp_upload_##symbol##_end[];

RP_EMBED(html, "index.html")
RP_EMBED(css, "upload.css")
RP_EMBED(js, "upload.js")

namespace rp {

std::vector<HttpFile> upload_page() {
  const auto file = [](std::string url, std::string_view name,
                       const char* begin, const char* end) {
    return HttpFile{.url = std::move(url),
                    .type = std::string(media_type(name)),
                    .bytes = std::string(begin, end)};
  };
  return {file("/", "index.html", rp_upload_html, rp_upload_html_end),
          file("/upload.css", "upload.css", rp_upload_css, rp_upload_css_end),
          file("/upload.js", "upload.js", rp_upload_js, rp_upload_js_end)};
}

}  // namespace rp
