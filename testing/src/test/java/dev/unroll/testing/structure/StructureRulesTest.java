package dev.unroll.testing.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.structure.house.attic.Attic;
import dev.unroll.testing.structure.house.cellar.Cellar;
import dev.unroll.testing.structure.house.hall.Hall;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The judge, judged: each rule must let the good fixture pass and name the fault of the bad one.
 */
class StructureRulesTest {

  private static final String HOUSE = "dev.unroll.testing.structure.house";
  private static final String ATTIC = HOUSE + ".attic";
  private static final String CELLAR = HOUSE + ".cellar";
  private static final String HALL = HOUSE + ".hall";

  @Test
  void anAllowedImporterPasses() {
    StructureRule rule = StructureRules.onlyImportedBy(CELLAR, HALL, ATTIC, CELLAR);
    assertEquals(List.of(), ClassFiles.of(Hall.class, Attic.class, Cellar.class).breaches(rule));
  }

  @Test
  void anotherImporterIsNamed() {
    StructureRule rule = StructureRules.onlyImportedBy(CELLAR, HALL);
    assertEquals(
        List.of(ATTIC + ".Attic must not mention " + CELLAR + ".Cellar"),
        ClassFiles.of(Hall.class, Attic.class).breaches(rule));
  }

  @Test
  void aLibraryHasItsSubpackagesAndNotItsNeighbours() {
    ClassFiles hall = ClassFiles.of(Hall.class);
    assertEquals(1, hall.breaches(StructureRules.onlyImportedBy(HOUSE + ".cellar", ATTIC)).size());
    assertEquals(List.of(), hall.breaches(StructureRules.onlyImportedBy(HOUSE + ".cell", ATTIC)));
  }

  @Test
  void roomsThatUseWhatTheyMayPass() {
    StructureRule rule =
        StructureRules.usesOnly(
            HOUSE, Map.of(HALL, List.of(CELLAR), ATTIC, List.of(HOUSE + ".*"), CELLAR, List.of()));
    assertEquals(List.of(), ClassFiles.of(Hall.class, Attic.class, Cellar.class).breaches(rule));
  }

  @Test
  void aWrongDirectionIsNamed() {
    StructureRule rule =
        StructureRules.usesOnly(HOUSE, Map.of(HALL, List.of(CELLAR), ATTIC, List.of(HALL)));
    assertEquals(
        List.of(ATTIC + ".Attic must not use " + CELLAR + ".Cellar"),
        ClassFiles.of(Hall.class, Attic.class).breaches(rule));
  }

  @Test
  void aRoomWithoutARuleIsNamed() {
    assertEquals(
        List.of(CELLAR + ".Cellar is in a package that no rule knows: " + CELLAR),
        ClassFiles.of(Cellar.class).breaches(StructureRules.usesOnly(HOUSE, Map.of())));
  }

  @Test
  void aConstantPasses() {
    assertEquals(
        List.of(),
        ClassFiles.of(ConstantFixtures.Right.class, ConstantFixtures.Bystander.class)
            .breaches(constant()));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ConstantFixtures.MutableField.class,
        ConstantFixtures.InstanceField.class,
        ConstantFixtures.ArrayField.class,
        ConstantFixtures.Parameter.class,
        ConstantFixtures.Local.class,
        ConstantFixtures.LambdaParameter.class
      })
  void aVariableIsNamed(Class<?> wrong) {
    List<String> breaches = ClassFiles.of(wrong).breaches(constant());
    assertTrue(!breaches.isEmpty(), wrong.getSimpleName());
    assertTrue(breaches.getFirst().startsWith(wrong.getName() + "."), breaches.toString());
  }

  @Test
  void theNameOfALocalVariableIsTold() {
    assertEquals(
        List.of(
            ConstantFixtures.Local.class.getName()
                + ".seconds()int must not keep a java.time.ZoneOffset in the local variable"
                + " offset"),
        ClassFiles.of(ConstantFixtures.Local.class).breaches(constant()));
  }

  @Test
  void aMethodOfTheGreatestLengthPassesAndOneByteMoreDoesNot() {
    assertEquals(List.of(), ClassFiles.of(withMethodOf(8000)).breaches(lengths()));
    assertEquals(
        List.of("Long.method()void has 8001 bytecodes, more than 8000"),
        ClassFiles.of(withMethodOf(8001)).breaches(lengths()));
  }

  @Test
  void aMemberThatIsNotToBeUsedIsNamed() {
    ClassFiles right = ClassFiles.of(ConstantFixtures.Right.class);
    String zone = ZoneOffset.class.getName();
    assertEquals(
        List.of(ConstantFixtures.Right.class.getName() + " must not use " + zone + ".MIN"),
        right.breaches(StructureRules.neverUses(zone, Set.of("MIN", "MAX"))));
    assertEquals(List.of(), right.breaches(StructureRules.neverUses(zone, Set.of("MAX"))));
    // MIN, UTC and getTotalSeconds.
    assertEquals(3, right.breaches(StructureRules.neverUses(zone, Set.of("*"))).size());
  }

  @Test
  void anExceptionMayUseIt() {
    String right = ConstantFixtures.Right.class.getName();
    StructureRule rule = StructureRules.neverUses(ZoneOffset.class.getName(), Set.of("MIN"), right);
    assertEquals(List.of(), ClassFiles.of(ConstantFixtures.Right.class).breaches(rule));
  }

  @Test
  void judgingNothingIsAFailure(@TempDir Path empty) {
    assertThrows(AssertionError.class, () -> ClassFiles.under(empty).mustKeep(lengths()));
  }

  @Test
  void breachesFailWithAllTheirLines() {
    AssertionError failure =
        assertThrows(
            AssertionError.class, () -> ClassFiles.of(withMethodOf(8001)).mustKeep(lengths()));
    assertEquals("Long.method()void has 8001 bytecodes, more than 8000", failure.getMessage());
  }

  private static StructureRule constant() {
    return StructureRules.constantOnly(ZoneOffset.class.getName());
  }

  private static StructureRule lengths() {
    return StructureRules.noMethodLongerThan(StructureRules.LONGEST_COMPILED_METHOD);
  }

  private static byte[] withMethodOf(int bytecodes) {
    return ClassFile.of()
        .build(
            ClassDesc.of("Long"),
            type ->
                type.withMethodBody(
                    "method",
                    MethodTypeDesc.of(ConstantDescs.CD_void),
                    ClassFile.ACC_STATIC,
                    code -> {
                      for (int i = 1; i < bytecodes; i++) {
                        code.nop();
                      }
                      code.return_();
                    }));
  }
}
