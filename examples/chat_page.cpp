#include "examples/chat_page.h"

#include <string>

// The assembler takes the bytes in, from the folder in which make runs.
#define RP_EMBED(symbol, file)                                        \
  asm(".section .rodata\n"                                            \
      ".hidden rp_chat_" #symbol "\n.global rp_chat_" #symbol         \
      "\nrp_chat_" #symbol ":\n.incbin \"examples/chat_page/" file    \
      "\"\n.hidden rp_chat_" #symbol "_end\n.global rp_chat_" #symbol \
      "_end\nrp_chat_" #symbol "_end:\n.byte 0\n.previous\n");        \
  extern "C" const char rp_chat_##symbol[];                           \
  extern "C" const char rp_chat_##symbol##_end[];

RP_EMBED(html, "index.html")
RP_EMBED(css, "chat.css")
RP_EMBED(js, "chat.js")

namespace rp {

std::vector<HttpFile> chat_page() {
  const auto file = [](std::string url, std::string_view name,
                       const char* begin, const char* end) {
    return HttpFile{.url = std::move(url),
                    .type = std::string(media_type(name)),
                    .bytes = std::string(begin, end)};
  };
  return {file("/", "index.html", rp_chat_html, rp_chat_html_end),
          file("/chat.css", "chat.css", rp_chat_css, rp_chat_css_end),
          file("/chat.js", "chat.js", rp_chat_js, rp_chat_js_end)};
}

}  // namespace rp
