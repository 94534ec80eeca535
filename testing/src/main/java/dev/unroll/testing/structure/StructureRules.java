package dev.unroll.testing.structure;

import static java.util.stream.Collectors.toCollection;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The rules that a numerical code base on the JVM needs most. */
public final class StructureRules {

  /** HotSpot never compiles a method with more bytecodes ({@code HugeMethodLimit}). */
  public static final int LONGEST_COMPILED_METHOD = 8000;

  private StructureRules() {}

  /**
   * Only classes in the given packages may mention a type of the library.
   *
   * @param library a package; its subpackages belong to it
   * @param importers packages, without their subpackages
   */
  public static StructureRule onlyImportedBy(String library, String... importers) {
    Set<String> allowed = Set.of(importers);
    return type ->
        allowed.contains(TypeNames.packageOf(type))
            ? List.of()
            : TypeNames.mentionedIn(type).stream()
                .filter(name -> isWithin(TypeNames.packageOf(name), library))
                .map(name -> TypeNames.nameOf(type) + " must not mention " + name)
                .toList();
  }

  /**
   * The rooms of a house: which of its packages may use which others. Everything outside of the
   * house is free, and so is each package's use of itself.
   *
   * @param house the base package of the house; its subpackages belong to it
   * @param mayUse for each package the other packages it may use; {@code "a.b.*"} stands for {@code
   *     a.b} and all its subpackages. A package that is no key breaks the rule, so that no room is
   *     added without a decision.
   */
  public static StructureRule usesOnly(String house, Map<String, List<String>> mayUse) {
    return type -> {
      String own = TypeNames.packageOf(type);
      List<String> allowed = mayUse.get(own);
      if (allowed == null) {
        return List.of(TypeNames.nameOf(type) + " is in a package that no rule knows: " + own);
      }
      return TypeNames.mentionedIn(type).stream()
          .filter(
              name -> {
                String used = TypeNames.packageOf(name);
                return isWithin(used, house)
                    && !used.equals(own)
                    && allowed.stream().noneMatch(pattern -> matches(used, pattern));
              })
          .map(name -> TypeNames.nameOf(type) + " must not use " + name)
          .toList();
    };
  }

  /**
   * Values of a type live in {@code static final} fields and nowhere else: not in other fields, not
   * in parameters and not in local variables, since only from there a compiler sees them as the
   * constants they are. A vector species in a parameter, for one, makes every vector a heap object.
   *
   * <p>Local variables of the class initializer are free. Locals are known from debug information,
   * so a method that mentions the type but was compiled without {@code -g} breaks the rule too.
   *
   * @param typeName the type, with dots
   */
  public static StructureRule constantOnly(String typeName) {
    String descriptor = ClassDesc.of(typeName).descriptorString();
    return type -> {
      if (!TypeNames.mentionedIn(type).contains(typeName)) {
        return List.of();
      }
      List<String> breaches = new ArrayList<>();
      type.fields().stream()
          .filter(field -> field.fieldType().stringValue().endsWith(descriptor))
          .filter(
              field ->
                  !field.flags().has(AccessFlag.STATIC)
                      || !field.flags().has(AccessFlag.FINAL)
                      || field.fieldType().stringValue().startsWith("["))
          .map(
              field ->
                  TypeNames.nameOf(type)
                      + "."
                      + field.fieldName().stringValue()
                      + " must be a static final "
                      + typeName)
          .forEach(breaches::add);
      for (MethodModel method : type.methods()) {
        if (method.methodName().equalsString("<clinit>")) {
          continue;
        }
        if (method.methodTypeSymbol().parameterList().stream()
            .anyMatch(parameter -> parameter.descriptorString().endsWith(descriptor))) {
          breaches.add(where(type, method) + " must not take a " + typeName);
        }
        for (String local : localsOf(method, descriptor)) {
          breaches.add(where(type, method) + " must not keep a " + typeName + " in " + local);
        }
      }
      return breaches;
    };
  }

  private static Set<String> localsOf(MethodModel method, String descriptor) {
    CodeAttribute code = method.findAttribute(Attributes.code()).orElse(null);
    if (code == null || code.maxLocals() == 0) {
      return Set.of();
    }
    var table = code.findAttribute(Attributes.localVariableTable());
    if (table.isEmpty()) {
      // Compiler-made methods have none; only their parameters, judged above, can be locals.
      return method.flags().has(AccessFlag.SYNTHETIC) || code.maxLocals() == parameterSlots(method)
          ? Set.of()
          : Set.of("a local variable that has no name (compile with -g)");
    }
    return table.get().localVariables().stream()
        .filter(local -> local.type().stringValue().endsWith(descriptor))
        .map(LocalVariableInfo::name)
        .map(name -> "the local variable " + name.stringValue())
        .collect(toCollection(TreeSet::new));
  }

  private static int parameterSlots(MethodModel method) {
    int slots = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
    for (ClassDesc parameter : method.methodTypeSymbol().parameterList()) {
      String name = parameter.descriptorString();
      slots += name.equals("J") || name.equals("D") ? 2 : 1;
    }
    return slots;
  }

  /**
   * Some fields and methods of a type are used by nobody but the given classes, such as operations
   * whose result is not the same on every machine.
   *
   * @param typeName the type, with dots; members that it inherits count when they are used by way
   *     of it
   * @param members names of fields and methods, whatever their parameters; {@code "*"} is all of
   *     them
   * @param exceptions names of classes, with dots, that may
   */
  public static StructureRule neverUses(
      String typeName, Set<String> members, String... exceptions) {
    Set<String> allowed = Set.of(exceptions);
    return type -> {
      if (allowed.contains(TypeNames.nameOf(type))) {
        return List.of();
      }
      Set<String> breaches = new TreeSet<>();
      for (PoolEntry entry : type.constantPool()) {
        if (entry instanceof MemberRefEntry used
            && used.owner().asInternalName().replace('/', '.').equals(typeName)
            && (members.contains("*") || members.contains(used.name().stringValue()))) {
          breaches.add(
              TypeNames.nameOf(type)
                  + " must not use "
                  + typeName
                  + "."
                  + used.name().stringValue());
        }
      }
      return List.copyOf(breaches);
    };
  }

  /** No method has more bytecodes than this. */
  public static StructureRule noMethodLongerThan(int bytecodes) {
    return type ->
        type.methods().stream()
            .filter(method -> lengthOf(method) > bytecodes)
            .map(
                method ->
                    where(type, method)
                        + " has "
                        + lengthOf(method)
                        + " bytecodes, more than "
                        + bytecodes)
            .toList();
  }

  private static int lengthOf(MethodModel method) {
    return method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
  }

  private static String where(ClassModel type, MethodModel method) {
    return TypeNames.nameOf(type)
        + "."
        + method.methodName().stringValue()
        + method.methodTypeSymbol().displayDescriptor();
  }

  private static boolean matches(String name, String pattern) {
    return pattern.endsWith(".*")
        ? isWithin(name, pattern.substring(0, pattern.length() - 2))
        : name.equals(pattern);
  }

  private static boolean isWithin(String name, String base) {
    return name.equals(base) || name.startsWith(base + ".");
  }
}
