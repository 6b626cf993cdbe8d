"""Forward mode: every program against the oracles, and the texts that it writes."""
from __future__ import annotations

import forward_verdict
import numpy as np
import programs
import pytest

import s2sad

EXPECTED = {"right", "refused"}
LATER = ("library", "memory_references")    # modules whose programs may be refused for now


@pytest.mark.parametrize("module", sorted({program.module for program in programs.collect()}))
def test_programs(module: str) -> None:
    found = {program.id: forward_verdict.judge(program) for program in programs.collect() if program.module == module}
    wrong = {name: verdict.message for name, verdict in found.items() if verdict.status not in EXPECTED}
    assert not wrong, wrong
    refused = [name for name, verdict in found.items() if verdict.status == "refused"]
    assert module in LATER or set(refused) <= REFUSALS, sorted(set(refused) - REFUSALS)


REFUSALS = set("""
fuzzed_memory.out_exp fuzzed_calls.fields_that_may_be_views fuzzed_calls.fields_that_may_be_views_by_name
functions.walrus_in_a_comprehension_test functions.late_binding_of_lambdas_in_a_loop functions.choice_of_lambdas
functions.layers_with_activations functions.adaptive_quadrature functions.nested_mutual_recursion functions.partial_of_a_closure
functions.sorts_by_a_key functions.conditional_functions_of_two_forms functions.variadic_forms
calls.function_as_argument calls.choice_of_functions calls.partials calls.decorated_twice closures.factory_called_inside
closures.recursion_of_a_nested_function closures.returns_a_function closures.compose_functions
closures.composition_as_closure closures.conditional_definition memory_containers.dictionaries
memory_containers.maps_and_filters memory_containers.sorted_and_reversed_lists memory_containers.named_tuples
memory_containers.parameters_updated_in_a_dictionary memory_containers.memo_in_a_dictionary
memory_containers.set_and_counts memory_kernels.floyd_warshall memory_kernels.verlet_by_pairs
memory_kernels.attention_in_place memory_language.generators_consumed_by_loops memory_language.nonlocal_written
memory_language.global_written memory_language.iterators_by_hand memory_objects.dataclass_made_inside
memory_objects.dataclass_as_argument memory_objects.bodies_in_a_list memory_objects.inheritance_and_super
memory_objects.network_of_objects memory_objects.one_argument_in_several_fields
memory_objects.deep_copies_are_new_memory memory_objects.operators_of_ones_own memory_objects.property_with_setter
memory_objects.object_with_arrays_and_log memory_objects.tree_of_objects memory_objects.attributes_set_from_outside
memory_views.slices_of_both_sides_of_a_call memory_writes.other_ufuncs_at memory_writes.out_arguments
memory_writes.out_of_products types.named_tuple 565, memory_recursion.captured_array memory_recursion.captured_list idioms.samples_by_attribute
memory_classes.energy_of_a_particle memory_classes.particle_made_anew_each_step memory_classes.particle_that_steps
memory_classes.gradient_of_a_particle memory_classes.list_of_particles memory_classes.slots
memory_classes.kalman_filter memory_classes.gradient_of_a_named_tuple memory_classes.named_tuple_returned
memory_classes.vector_algebra memory_classes.vector_class_method memory_classes.vectors_made_in_a_loop
memory_classes.vector_augmented memory_classes.polynomial_called memory_classes.dual_numbers
memory_classes.layers_of_several_classes memory_classes.training_step memory_classes.optimiser_with_state
memory_classes.optimiser_that_counts memory_classes.potentials memory_classes.potentials_in_a_list
memory_classes.settings_replaced memory_classes.object_that_holds_a_function memory_classes.integrator_object
memory_classes.cached_area memory_classes.tree_made_inside memory_classes.object_copied memory_classes.setter_used
memory_classes.linked_list memory_classes.two_meters memory_classes.grid_that_diffuses
memory_methods.account memory_methods.property_that_changes memory_methods.property_that_is_set
memory_methods.operators_that_change memory_methods.operators_in_a_loop memory_methods.items_that_are_set
memory_methods.iterates_over_an_object memory_methods.call_that_changes memory_methods.negation_and_comparison
memory_methods.polymorphic_list memory_methods.polymorphic_choice memory_methods.polymorphic_in_a_loop
memory_methods.object_rebound_in_a_loop memory_methods.optional_children memory_methods.optional_children_scaled
memory_methods.search_tree memory_methods.optional_children_of_a_function memory_methods.linked_list_walked
memory_methods.linked_list_built memory_methods.net memory_methods.resized_in_an_attribute
memory_methods.named_tuple_with_methods memory_methods.two_objects_share_an_array memory_methods.object_in_two_places
memory_methods.objects_swapped memory_methods.attribute_functions memory_methods.instance_checks
memory_methods.bound_methods_kept memory_methods.lazy_property nested.factory_of_two nested.variadic_nested
nested.partial_with_keywords nested.functions_in_a_dict nested.functions_in_a_dict_items nested.functions_appended_to_a_list
nested.function_chosen_by_condition nested.recursion_with_captured nested.mutual_recursion_nested nested.recursion_by_lambda
nested.recursion_changes_a_nonlocal nested.recursion_appends_to_a_captured_list nested.recursive_sum_of_halves
nested.nested_in_a_branch nested.defined_in_a_loop_and_called nested.map_with_closures nested.memo_in_a_closure
nested.decorator_with_state nested.composition nested.functions_kept_from_a_loop nested.functions_by_comprehension
nested.functions_by_comprehension_late
""".split())


def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


def test_each_statement_is_followed_by_its_tangent() -> None:
    assert s2sad.source(power, mode="forward", args=(1.3, 4)) == '''\
def power_jvp(x, n, x_dot):
    r = 1
    r_dot = 0.0
    while n > 0:
        n -= 1
        r_dot = r_dot * x + r * x_dot
        r *= x
    return r, r_dot
'''
    assert s2sad.jvp(power, (1.3, 4), (1.0, None)) == pytest.approx((1.3 ** 4, 4 * 1.3 ** 3))


def updated(u, s):
    u *= s
    v = u[1:]
    v += s * u[:-1]
    return u, v[0]


def test_arguments_stay_as_they_are_and_results_are_apart() -> None:
    u, u_dot = np.arange(3.0), np.ones(3)
    (value, first), (tangent, first_dot) = s2sad.jvp(updated, (u, 2.0), (u_dot, 1.0))
    assert u.tolist() == [0.0, 1.0, 2.0] and u_dot.tolist() == [1.0, 1.0, 1.0]
    assert not any(np.shares_memory(a, b) for a, b in ((value, u), (tangent, u_dot), (value, tangent)))
    h = 1e-6
    plus, minus = (updated(u + s * h, 2.0 + s * h) for s in (1, -1))
    assert tangent == pytest.approx((plus[0] - minus[0]) / (2 * h)) and first_dot == pytest.approx((plus[1] - minus[1]) / (2 * h))
    assert type(first) is type(first_dot)


def shifted(x):
    y = x + 1.0
    y[0] = 5.0
    return np.sum(x * y)


def test_the_tangent_of_a_new_array_is_a_new_array() -> None:
    x = np.array([2.0, 3.0])
    assert s2sad.jvp(shifted, (x,), (np.ones(2),))[1] == pytest.approx(5.0 + 4.0 + 3.0)


def test_tangents_must_fit_their_primals() -> None:
    with pytest.raises(ValueError, match=r"the tangent of `a` has the shape \(2,\), its primal \(3,\)"):
        s2sad.jvp(np.sum, (np.ones(3),), (np.ones(2),))
    with pytest.raises(TypeError, match="a tangent, or None, for each"):
        s2sad.jvp(np.sum, (np.ones(3),), ())
