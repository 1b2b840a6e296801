#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

// The first service that comes to mind: a table of names and functions, and
// whoever calls gets what the function returns. The second call asks for
// something that there is not, and the third one would be a good one.
//
// Promise: dies of SIGABRT

namespace {

const std::vector<const char*> kColours = {"red", "green", "blue"};

const std::map<std::string_view, std::function<rp::Value(const rp::Value&)>>
    kMethods = {{"colour", [](const rp::Value& params) -> rp::Value {
                   return kColours.at(params.items()[0].as_uint64());
                 }}};

}  // namespace

int main() {
  rp::Arena arena;
  for (std::string_view json : {R"({"method":"colour","params":[1]})",
                                R"({"method":"colour","params":[7]})",
                                R"({"method":"colour","params":[2]})"}) {
    const rp::Value call = rp::parse_json(json, arena).value;
    const auto& method = kMethods.at(call.find("method")->as_string());
    const rp::Value result = method(*call.find("params"));
    std::printf("%s\n", rp::to_json(result).c_str());
    std::fflush(stdout);
  }
}
