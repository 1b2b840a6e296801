# Every class, struct and enum that a header of the library defines is told of
# in a `///` comment above it.
FNR == 1 { told = 0 }
/^(class|struct|enum|enum class) [A-Za-z0-9_(") :]+[^;]*$/ && !told {
  print FILENAME ":" FNR ": no /// comment above " $0
  bad = 1
}
!/^(template|  requires|requires)/ { told = /^\/\/\// }
END { exit bad }
