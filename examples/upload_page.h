#pragma once

#include <vector>

#include "rpc/http_files.h"

namespace rp {

/// The files of examples/upload_page/, which are part of the program: a page
/// that sends files and shows how far they are. "/" is the page itself.
///
///     serve_files(server, upload_page());
std::vector<HttpFile> upload_page();

}  // namespace rp
