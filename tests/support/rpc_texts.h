#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rp {

/// JSON-RPC messages in few words, for tests. `params` and `id` are JSON
/// texts; no params, no member.
///
///     peer.send(request("add", "[2,3]") + "\n");
///     EXPECT_EQ(peer.line(0), result("5"));
std::string request(std::string_view method, std::string_view params = {},
                    std::string_view id = "1");
std::string notification(std::string_view method, std::string_view params = {});

/// As the library writes it.
std::string result(std::string_view json, std::string_view id = "1");

/// With the message that the specification prints for this code.
std::string error(int code, std::string_view id = "null");

/// "[a,b,c]".
std::string batch(const std::vector<std::string>& messages);

/// The code of an answer's error; 0 for a result, 1 for what is no answer.
int error_code(std::string_view answer);
std::string error_message(std::string_view answer);

/// The member "data" of an answer's error, as a JSON text; empty: none.
std::string error_data(std::string_view answer);

/// The same answer or batch of answers in one spelling: members by name,
/// without the data of errors (which is ours), a batch in a fixed order.
std::string plain(std::string_view answers);

}  // namespace rp
