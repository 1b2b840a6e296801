#pragma once

#include <vector>

#include "rpc/http_files.h"

namespace rp {

/// The files of examples/dashboard/, which are part of this program: it needs
/// no folder beside it.
///
///     serve_files(server, dashboard_files());
///
/// The page itself is "/", each other file has its name.
std::vector<HttpFile> dashboard_files();

}  // namespace rp
