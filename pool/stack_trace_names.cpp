#include <cxxabi.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include "pool/stack_trace.h"
#include "reactor/unique_fd.h"

namespace rp {

namespace {

// A file in memory, as long as this lives; empty if it cannot be read.
class MappedFile {
 public:
  explicit MappedFile(const char* path) {
    const UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC));
    struct stat about {};
    if (!fd || ::fstat(fd.get(), &about) != 0 || about.st_size <= 0) return;
    const auto size = static_cast<std::size_t>(about.st_size);
    void* where = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (where == MAP_FAILED) return;
    bytes_ = {static_cast<const std::byte*>(where), size};
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() {
    if (bytes_.empty()) return;
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }

  // What the file says lies there; nothing if it cannot.
  template <class T>
  std::span<const T> at(std::uint64_t offset, std::uint64_t bytes) const {
    if (offset > bytes_.size() || bytes > bytes_.size() - offset) return {};
    const std::byte* begin = bytes_.data() + offset;
    return {reinterpret_cast<const T*>(begin), bytes / sizeof(T)};
  }

 private:
  std::span<const std::byte> bytes_;
};

using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

std::span<const Section> sections_of(const MappedFile& file) {
  const auto header = file.at<ElfW(Ehdr)>(0, sizeof(ElfW(Ehdr)));
  if (header.empty() ||
      std::string_view(reinterpret_cast<const char*>(header[0].e_ident),
                       SELFMAG) != std::string_view(ELFMAG, SELFMAG)) {
    return {};
  }
  return file.at<Section>(header[0].e_shoff,
                          header[0].e_shnum * sizeof(Section));
}

bool holds(const Symbol& symbol, std::uintptr_t address) {
  return ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
         symbol.st_value <= address &&
         address - symbol.st_value < symbol.st_size;
}

// What the optimizer moved elsewhere belongs to the same function.
std::string without_clone(const std::string& name) {
  return name.substr(0, name.find(" [clone "));
}

std::string in_symbol_table(const char* path, std::uintptr_t address) {
  const MappedFile file(path);
  const auto sections = sections_of(file);
  for (const Section& table : sections) {
    if (table.sh_type != SHT_SYMTAB || table.sh_link >= sections.size()) {
      continue;
    }
    const Section& names = sections[table.sh_link];
    const auto texts = file.at<char>(names.sh_offset, names.sh_size);
    for (const Symbol& symbol :
         file.at<Symbol>(table.sh_offset, table.sh_size)) {
      if (holds(symbol, address) && symbol.st_name < texts.size()) {
        return without_clone(demangled(texts.data() + symbol.st_name));
      }
    }
  }
  return {};
}

std::string as_offset(std::string_view path, std::uintptr_t offset) {
  char number[32];
  std::snprintf(number, sizeof number, "+0x%zx", std::size_t{offset});
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return std::string(path) + number;
}

}  // namespace

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return status == 0 ? text.get() : name;
}

std::string function_at(const void* address) {
  Dl_info found{};
  void* module = nullptr;
  if (::dladdr1(address, &found, &module, RTLD_DL_LINKMAP) == 0) return "?";
  if (found.dli_sname != nullptr) return demangled(found.dli_sname);
  const auto* loaded = static_cast<const link_map*>(module);
  const std::uintptr_t offset =
      reinterpret_cast<std::uintptr_t>(address) - loaded->l_addr;
  // The program itself has no name among what was loaded.
  const bool is_program = loaded->l_name[0] == '\0';
  const std::string name =
      in_symbol_table(is_program ? "/proc/self/exe" : loaded->l_name, offset);
  return name.empty() ? as_offset(found.dli_fname, offset) : name;
}

}  // namespace rp
