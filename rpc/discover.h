#pragma once

#include <string>

#include "rpc/dispatcher.h"
#include "rpc/wire/json_value.h"

namespace rp {

/// What is said of the service as a whole.
struct ServiceInfo {
  std::string title;
  std::string version;  ///< of the service's interface
};

/// The methods of a service as an OpenRPC 1.2.6 document
/// (https://spec.open-rpc.org), made of what was registered.
///
///     Value document = openrpc_document(service, {"demo", "1.0"}, arena);
///
/// Patterns, which are no names to call, are left out. A method that declares
/// no parameters takes any ("x-any-params"). "x-where" tells where a method
/// runs.
///
/// Thread rule: the loop's thread. The document lies in `arena`, and views the
/// service's texts; those of `info` are copied.
Value openrpc_document(const Dispatcher& service, const ServiceInfo& info,
                       Arena& arena);

}  // namespace rp
