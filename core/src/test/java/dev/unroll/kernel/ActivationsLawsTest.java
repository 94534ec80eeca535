package dev.unroll.kernel;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every law of every elementwise function, over a fixed sample of all floats. */
class ActivationsLawsTest {

  @TestFactory
  Stream<DynamicNode> laws() {
    return Arrays.stream(ActivationFunction.values())
        .map(
            f ->
                dynamicContainer(
                    f.name(),
                    f.laws().laws().stream().map(law -> dynamicTest(law.name(), law::mustHold))));
  }
}
