#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/http.h"

namespace rp {

/// What an HTTP parser says, as lines: `GET / HTTP/1.1 {Host: a}`, `200 {}`,
/// `body hello`, `end`, `end {Trailer: x}`, `error 400`.
///
///     EXPECT_EQ(requests_in({"GET / HTTP/1.0\r\n\r\n"}),
///               (Said{"GET / HTTP/1.0 {}", "end"}));
///
/// Bodies are joined, because how they are cut is nobody's promise. Each piece
/// is lent from memory that ends with it and dies after it, so that a view
/// kept too long shows under a sanitizer.
using Said = std::vector<std::string>;

using Pieces = std::vector<std::string>;

Said requests_in(const Pieces& pieces, HttpLimits limits = {});

/// Of responses to requests of `method`; the stream ends behind the pieces
/// when `ends` says so.
Said responses_in(const Pieces& pieces, std::string_view method = "GET",
                  bool ends = false, HttpLimits limits = {});

/// What a parser says that is asked `asked` times before it has to keep() the
/// first `cut` bytes, and goes on with the rest.
Said requests_around_a_pause(const std::string& stream, std::size_t cut,
                             int asked);

/// What is said last of a stream of requests: whole, byte by byte and cut at
/// every place. If that is not the same, all that was said last.
std::string last_said(const std::string& stream, HttpLimits limits = {});

/// A stream byte by byte, and cut once at every place.
Pieces byte_by_byte(std::string_view stream);
std::vector<Pieces> cut_everywhere(const std::string& stream);

}  // namespace rp
