package dev.unroll.cell;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.CellSpec.Form;
import dev.unroll.cell.CellSpec.Reset;
import dev.unroll.kernel.Activation;
import java.util.ArrayList;
import java.util.List;

/** Every dialect and every combination of options that a cell can have. */
final class CellSpecs {

  private CellSpecs() {}

  /**
   * All cells of these sizes.
   *
   * @param projection of those that have one
   * @param clip of those that have one
   */
  static List<CellSpec> all(int inputs, int units, int projection, float clip) {
    List<CellSpec> all = new ArrayList<>();
    for (Bias bias : Bias.values()) {
      elman(inputs, units).forEach(spec -> all.add(spec.withBias(bias)));
      lstm(inputs, units, projection, clip).forEach(spec -> all.add(spec.withBias(bias)));
      gru(inputs, units).forEach(spec -> all.add(spec.withBias(bias)));
    }
    return all;
  }

  static List<CellSpec> elman(int inputs, int units) {
    List<CellSpec> all = new ArrayList<>();
    for (Form form : Form.values()) {
      CellSpec spec = CellSpec.elman(inputs, units).withForm(form);
      all.add(spec.withActivation(Activation.TANH));
      all.add(spec.withActivation(Activation.RELU));
      all.add(spec.withActivation(Activation.SIGMOID));
      all.add(spec.linear());
    }
    return all;
  }

  static List<CellSpec> gru(int inputs, int units) {
    CellSpec gru = CellSpec.gru(inputs, units);
    return List.of(gru.withReset(Reset.AFTER), gru.withReset(Reset.BEFORE));
  }

  static List<CellSpec> lstm(int inputs, int units, int projection, float clip) {
    List<CellSpec> all = new ArrayList<>();
    for (int options = 0; options < 16; options++) {
      CellSpec spec = CellSpec.lstm(inputs, units);
      spec = (options & 1) == 0 ? spec : spec.withPeepholes();
      spec = (options & 2) == 0 ? spec : spec.withCoupledGates();
      spec = (options & 4) == 0 ? spec : spec.withCellClip(clip);
      all.add((options & 8) == 0 ? spec : spec.withProjection(projection));
    }
    return all;
  }

  /** One of each kind and of each dialect that takes a way of its own. */
  static List<CellSpec> few(int inputs, int units, int projection) {
    CellSpec lstm = CellSpec.lstm(inputs, units);
    return List.of(
        CellSpec.elman(inputs, units),
        CellSpec.elman(inputs, units).withForm(Form.PRE_ACTIVATION).withActivation(Activation.RELU),
        lstm,
        lstm.withPeepholes().withCoupledGates().withCellClip(0.25f).withBias(Bias.SINGLE),
        lstm.withPeepholes().withProjection(projection).withBias(Bias.NONE),
        CellSpec.gru(inputs, units),
        CellSpec.gru(inputs, units).withReset(Reset.BEFORE));
  }

  /** Of each way that a cell can take, with zoneout, with variational dropout and with both. */
  static List<CellSpec> stochastic(int inputs, int units, int projection) {
    List<CellSpec> all = new ArrayList<>();
    for (CellSpec spec : few(inputs, units, projection)) {
      for (int options = 1; options < 4; options++) {
        all.add(stochastic(spec, options, 0.375f));
      }
    }
    CellSpec lstm = CellSpec.lstm(inputs, units);
    all.add(lstm.withZoneout(0.5f, 0));
    all.add(lstm.withZoneout(0, 0.5f));
    all.add(lstm.withVariationalDropout(0.5f, 0));
    all.add(lstm.withVariationalDropout(0, 0.5f));
    return all;
  }

  /**
   * The same cell with masks.
   *
   * @param options 1: zoneout, 2: variational dropout, 3: both
   */
  static CellSpec stochastic(CellSpec spec, int options, float rate) {
    CellSpec masked = spec;
    if ((options & 1) != 0 && !spec.preActivation()) {
      masked = masked.withZoneout(rate, spec.hasCell() ? rate / 2 : 0);
    }
    if ((options & 2) != 0 || spec.preActivation()) {
      masked = masked.withVariationalDropout(rate / 2, rate);
    }
    return masked;
  }
}
