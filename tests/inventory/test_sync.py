from dataclasses import replace

import pytest

from inventory.collector import AssetFactsRecord, AssetRecord, CollectorError, SkipRecord
from inventory.models import Asset, Credential, Exposure, KnownBlob, Read, Run
from inventory.services import finish_runs, perform_read, request_run, start_run
from inventory.sync import LeaseLost, ReadSync
from tests.scripted import START, done, found, standing

pytestmark = pytest.mark.django_db


def collect(source):
    run = request_run(source=source, trigger="command")
    start_run(run.pk)
    for read in run.reads.all():
        perform_read(read.pk)
    finish_runs()
    run.refresh_from_db()
    return run


def script(scripted, *records, asset="pay-api"):
    if asset not in scripted.assets:
        scripted.assets.append(asset)
    scripted.reads[asset] = lambda context: list(records)


def test_one_credential_per_value_however_many_places(scripted, source):
    script(scripted, *found("a", "app.py"), *found("a", "deploy.yml"), standing(tip=[("app.py", "a")]), done())
    script(scripted, *found("a", "app.py"), standing(), done(), asset="checkout")

    run = collect(source)

    assert Credential.objects.count() == 1
    assert Exposure.objects.count() == 3
    assert run.status == "complete"
    assert run.counts["credentials"] == 1
    assert run.counts["exposures"] == 3
    assert run.counts["repositories"] == 2


def test_collecting_again_changes_nothing(scripted, source):
    script(scripted, *found("a", "app.py"), standing(tip=[("app.py", "a")]), done())
    collect(source)
    before = list(Exposure.objects.values_list("pk", "place", "first_at", "first_commit"))

    collect(source)

    assert list(Exposure.objects.values_list("pk", "place", "first_at", "first_commit")) == before
    assert Credential.objects.count() == KnownBlob.objects.count() == 1


def test_a_complete_read_marks_what_it_did_not_see_as_gone(scripted, source):
    script(scripted, *found("a", "app.py"), *found("b", "old.py"), standing(), done())
    collect(source)
    script(scripted, *found("a", "app.py"), standing(), done())

    collect(source)

    assert Exposure.objects.present().get().path == "app.py"
    assert Exposure.objects.get(path="old.py").gone_at is not None


@pytest.mark.parametrize("records", [[done(full=False)], [SkipRecord("too large", "big.bin"), standing(), done()]])
def test_j18_an_incremental_or_partial_read_marks_nothing_as_gone(scripted, source, records):
    script(scripted, *found("a", "app.py"), standing(tip=[("app.py", "a")]), done())
    collect(source)
    script(scripted, *records)

    collect(source)

    assert Exposure.objects.present().count() == 1


@pytest.mark.parametrize("cut", range(1, 5))
def test_j18_a_read_that_is_cut_at_any_record_marks_nothing_as_gone(scripted, source, cut):
    whole = [*found("a", "app.py"), *found("b", "b.py"), standing(tip=[("app.py", "a"), ("b.py", "b")]), done()]
    script(scripted, *whole)
    collect(source)
    script(scripted, *whole[:cut], CollectorError("The connection was reset."))

    run = collect(source)

    assert Exposure.objects.present().at_tip().count() == 2
    assert run.status == "failed"
    assert run.reads.get().error == "The connection was reset."


def test_an_unreadable_list_of_assets_marks_no_asset_as_gone(scripted, source):
    script(scripted, done())
    collect(source)
    scripted.assets[:] = [CollectorError("The folder cannot be read.")]

    run = collect(source)

    assert run.status == "failed"
    assert Asset.objects.present().count() == 1


def test_names_longer_than_a_column_cost_one_asset_and_not_the_run(scripted, source):
    deep = AssetRecord("d/" * 700 + "repo", "repository", "repo", "/srv/deep")
    scripted.assets = [deep, AssetRecord("a", "repository", "n" * 3000, "/srv/a")]
    scripted.reads = {"a": lambda context: [AssetFactsRecord(default_ref="refs/heads/" + "b" * 3000), done()]}

    run = collect(source)

    asset = Asset.objects.get()
    assert (asset.external_id, asset.name, asset.default_ref[:12]) == ("a", "n" * 1000, "refs/heads/b")
    assert asset.last_status == "complete"
    assert (run.status, [skip["count"] for skip in run.skipped]) == ("partial", [1])
    assert "longer than 1000 characters" in run.skipped[0]["reason"]


def test_an_asset_that_left_its_source_is_gone_and_comes_back(scripted, source):
    script(scripted, done())
    script(scripted, done(), asset="checkout")
    collect(source)
    scripted.assets.remove("checkout")
    collect(source)
    assert Asset.objects.get(external_id="checkout").gone_at is not None
    scripted.assets.append("checkout")

    collect(source)

    assert Asset.objects.present().count() == 2


def test_the_standing_says_where_a_value_stands_now(scripted, source):
    script(
        scripted,
        *found("a", "a.py"), *found("b", "b.py"), *found("c", "c.py"),
        standing(tip=[("a.py", "a")], refs=[("b.py", "b"), ("a.py", "a")]),
        done(),
    )  # fmt: skip
    collect(source)
    assert list(Exposure.objects.order_by("path").values_list("place", flat=True)) == ["tip", "ref", "history"]
    script(scripted, standing(refs=[("a.py", "a")]), done(full=False))

    collect(source)

    assert list(Exposure.objects.order_by("path").values_list("place", flat=True)) == ["ref", "history", "history"]


def test_an_incremental_read_widens_the_evidence_and_a_full_one_replaces_it(scripted, source):
    script(scripted, *found("a", "a.py", day=5), standing(), done())
    collect(source)
    script(scripted, *found("a", "a.py", day=2, last=9), done(full=False))
    collect(source)
    row = Exposure.objects.get()
    assert ((row.first_at - START).days, (row.latest_at - START).days) == (2, 9)
    script(scripted, *found("a", "a.py", day=7, whole=True), standing(), done())

    collect(source)

    row.refresh_from_db()
    assert ((row.first_at - START).days, (row.latest_at - START).days) == (7, 7)


def test_an_incremental_read_learns_what_a_value_is_from_remembered_blobs(scripted, source):
    script(scripted, *found("a", "a.py"), standing(), done())
    collect(source)
    script(scripted, found("a", "moved.py", day=3)[1], done(full=False))

    collect(source)

    assert Exposure.objects.count() == 2
    assert Credential.objects.get().rule == "scripted-rule"


def test_an_asset_is_partial_as_long_as_its_reads_say_that_something_is_unread(scripted, source):
    skip = SkipRecord("larger than the limit", "big.bin")
    script(scripted, skip, standing(), done())
    collect(source)
    script(scripted, skip, done(full=False))
    run = collect(source)
    asset = Asset.objects.get()
    assert (run.status, asset.last_complete_at) == ("partial", None)
    script(scripted, done(full=False))

    run = collect(source)

    asset.refresh_from_db()
    assert run.status == "complete"
    assert asset.unread == []
    assert asset.last_complete_at is not None


def test_one_asset_that_fails_fails_alone(scripted, source):
    script(scripted, *found("a", "a.py"), standing(), done())
    script(scripted, RuntimeError("a bug"), asset="broken")

    run = collect(source)

    assert run.status == "partial"
    assert Exposure.objects.count() == 1
    error = run.reads.get(asset__external_id="broken").error
    assert "RuntimeError" not in error
    assert "fault in this product" in error
    assert "a bug" not in error


def test_j2_a_worker_that_lost_its_lease_can_write_nothing_more(scripted, source):
    run = request_run(source=source, trigger="command")
    scripted.assets.append("pay-api")
    start_run(run.pk)
    read = run.reads.get()
    old = Read.objects.claim(read.pk, -1)
    new = Read.objects.claim(read.pk, 60)
    assert new == old + 1
    read.refresh_from_db()

    with pytest.raises(LeaseLost):
        ReadSync(read, old).apply(iter([*found("a", "a.py"), standing(), done()]))

    assert not Exposure.objects.exists()
    ReadSync(read, new).apply(iter([*found("a", "a.py"), standing(), done()]))
    assert Exposure.objects.count() == 1


def test_what_rules_that_guess_find_in_lock_files_is_counted_and_not_shown(scripted, source):
    blob, exposure = found("a", "app/yarn.lock")
    guess = [blob, replace(exposure, rule="generic-secret")]
    script(scripted, *guess, *found("b", "app/b.env"), standing(tip=[("app/b.env", "b")]), done())

    run = collect(source)

    assert Exposure.objects.get().path == "app/b.env"
    assert run.status == "complete"
    (told,) = run.reads.get().skipped
    assert (told["count"], told["partial"]) == (1, False)
    assert told["reason"] == "values that look like secrets in lock files, not listed"


def test_another_fingerprint_key_makes_other_credentials_and_the_old_places_go(scripted, source):
    script(scripted, *found("a", "a.py"), standing(), done())
    collect(source)
    renamed = found("z", "a.py")
    script(scripted, *renamed, standing(), done())

    collect(source)

    assert Exposure.objects.present().get().credential.fingerprint.startswith("z")


def test_sync_needs_a_fixed_number_of_queries_per_batch(scripted, source, django_assert_max_num_queries):
    many = [record for number in range(200) for record in found(f"{number:03d}", f"f{number}.py")]
    run = request_run(source=source, trigger="command")
    script(scripted, *many, standing(), done())
    start_run(run.pk)

    with django_assert_max_num_queries(45):
        perform_read(run.reads.get().pk)

    assert Exposure.objects.count() == 200
    assert Run.objects.get().reads.get().status == "complete"
