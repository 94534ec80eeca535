package dev.unroll.testing.structure;

import java.time.ZoneOffset;
import java.util.function.UnaryOperator;

/** Right and wrong ways to keep a value that has to be a constant; {@link ZoneOffset} plays it. */
final class ConstantFixtures {

  private ConstantFixtures() {}

  /** The right way, with a choice made in the class initializer. */
  static final class Right {
    static final ZoneOffset HERE;

    static {
      ZoneOffset chosen = Boolean.getBoolean("nowhere") ? ZoneOffset.MIN : ZoneOffset.UTC;
      HERE = chosen;
    }

    static int seconds(int more) {
      int sum = HERE.getTotalSeconds() + more;
      return sum;
    }
  }

  /** Does not mention the type at all. */
  static final class Bystander {
    static int twice(int x) {
      return 2 * x;
    }
  }

  static final class MutableField {
    @SuppressWarnings("NonFinalStaticField") // what the rule is about
    static ZoneOffset here = ZoneOffset.UTC;
  }

  static final class InstanceField {
    final ZoneOffset here = ZoneOffset.UTC;
  }

  static final class ArrayField {
    static final ZoneOffset[] ALL = {ZoneOffset.UTC};
  }

  static final class Parameter {
    static int seconds(ZoneOffset offset) {
      return offset.getTotalSeconds();
    }
  }

  static final class Local {
    static int seconds() {
      ZoneOffset offset = Right.HERE;
      return offset.getTotalSeconds() + offset.hashCode();
    }
  }

  static final class LambdaParameter {
    static final UnaryOperator<ZoneOffset> SAME = offset -> offset;
  }
}
