#include "rpc/wire/digest.h"

#include <bit>
#include <cstddef>

namespace rp {

namespace {

constexpr std::size_t kBlock = 64;
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void append_big_endian(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(number >> shift));
  }
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes)
    number = number << 8 | static_cast<std::uint8_t>(c);
  return number;
}

struct Round {
  std::uint32_t function;
  std::uint32_t constant;
};

Round round(std::size_t t, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if (t < 20) return {(b & c) | (~b & d), 0x5a827999};
  if (t < 40) return {b ^ c ^ d, 0x6ed9eba1};
  if (t < 60) return {(b & c) | (b & d) | (c & d), 0x8f1bbcdc};
  return {b ^ c ^ d, 0xca62c1d6};
}

}  // namespace

void Sha1::digest_block(const char* block) {
  std::array<std::uint32_t, 80> w;
  for (std::size_t t = 0; t < 16; ++t) {
    w[t] = static_cast<std::uint32_t>(big_endian({block + 4 * t, 4}));
  }
  for (std::size_t t = 16; t < 80; ++t) {
    w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  }
  auto [a, b, c, d, e] = words_;
  for (std::size_t t = 0; t < 80; ++t) {
    const Round here = round(t, b, c, d);
    const auto next =
        std::rotl(a, 5) + here.function + e + w[t] + here.constant;
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const std::array<std::uint32_t, 5> sums{a, b, c, d, e};
  for (std::size_t i = 0; i < sums.size(); ++i) words_[i] += sums[i];
}

void Sha1::update(std::string_view bytes) {
  length_ += bytes.size();
  if (!begun_.empty()) {
    const auto piece = bytes.substr(0, kBlock - begun_.size());
    begun_.append(piece);
    bytes.remove_prefix(piece.size());
    if (begun_.size() < kBlock) return;
    digest_block(begun_.data());
    begun_.clear();
  }
  for (; bytes.size() >= kBlock; bytes.remove_prefix(kBlock)) {
    digest_block(bytes.data());
  }
  begun_.assign(bytes);
}

std::string Sha1::finish() {
  const std::uint64_t bits = length_ * 8;
  std::string padding(1, '\x80');
  padding.append((2 * kBlock - 9 - length_ % kBlock) % kBlock, '\0');
  append_big_endian(padding, bits, 8);
  update(padding);

  std::string digest;
  for (const std::uint32_t word : words_) append_big_endian(digest, word, 4);
  return digest;
}

std::string Sha1::state() const {
  std::string bytes;
  append_big_endian(bytes, length_, 8);
  for (const std::uint32_t word : words_) append_big_endian(bytes, word, 4);
  return to_hex(bytes + begun_);
}

std::optional<Sha1> Sha1::resume(std::string_view state) {
  constexpr std::size_t kFixed = 28;
  const auto bytes = from_hex(state);
  if (!bytes || bytes->size() < kFixed) return {};
  const std::string_view fields = *bytes;
  Sha1 sha;
  sha.length_ = big_endian(fields.substr(0, 8));
  for (std::size_t i = 0; i < sha.words_.size(); ++i) {
    sha.words_[i] =
        static_cast<std::uint32_t>(big_endian(fields.substr(8 + 4 * i, 4)));
  }
  sha.begun_ = fields.substr(kFixed);
  if (sha.begun_.size() != sha.length_ % kBlock) return {};
  return sha;
}

std::string to_hex(std::string_view bytes) {
  std::string digits;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    digits.push_back(kHex[byte >> 4]);
    digits.push_back(kHex[byte & 15]);
  }
  return digits;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return {};
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto high = kHex.find(digits[i]);
    const auto low = kHex.find(digits[i + 1]);
    if (high == kHex.npos || low == kHex.npos) return {};
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    const auto bits = big_endian(group) << 8 * (3 - group.size());
    for (std::size_t j = 0; j < 4; ++j) {
      const bool used = j <= group.size();
      text.push_back(used ? kBase64[bits >> (18 - 6 * j) & 63] : '=');
    }
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  std::string_view digits = text;
  while (digits.ends_with('=')) digits.remove_suffix(1);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto value = kBase64.find(digits[i]);
    if (value == kBase64.npos) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    const std::size_t unused = 6 - 2 * (i % 4);
    if (i % 4 != 0) bytes.push_back(static_cast<char>(bits >> unused));
  }
  // Only one text stands for the bytes.
  if (to_base64(bytes) != text) return {};
  return bytes;
}

}  // namespace rp
