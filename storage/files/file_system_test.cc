// Both file systems behave alike where programs cannot tell; the other tests here are about what
// only the fault-injecting one can do.

#include "storage/files/file_system.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "storage/files/fault_injecting_file_system.h"
#include "storage/files/posix_file_system.h"

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string ReadAll(const File& file) {
  std::string bytes(1 << 16, '?');
  const absl::StatusOr<size_t> length = file.Read(0, bytes);
  return length.ok() ? bytes.substr(0, *length) : "error";
}

using MakeFileSystem = std::function<std::unique_ptr<FileSystem>()>;

class FileSystemTest : public testing::TestWithParam<std::pair<const char*, MakeFileSystem>> {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = fmt::format("{}/{}/a/b", testing::TempDir(), test->name());
    std::filesystem::remove_all(directory_);
    files_ = GetParam().second();
    ASSERT_TRUE(files_->CreateDirectory(directory_).ok());
  }
  std::string Path(std::string_view name) const { return fmt::format("{}/{}", directory_, name); }
  std::unique_ptr<File> Create(std::string_view name, std::string_view bytes = "") {
    std::unique_ptr<File> file = files_->Open(Path(name), OpenMode::kCreate).value();
    EXPECT_TRUE(file->Write(0, bytes).ok());
    return file;
  }

  std::unique_ptr<FileSystem> files_;
  std::string directory_;
};

TEST_P(FileSystemTest, ReadsWhatWasWrittenAnywhere) {
  const std::unique_ptr<File> file = Create("f", "hello");
  ASSERT_TRUE(file->Write(8, "world").ok());
  ASSERT_TRUE(file->Write(1, "E").ok());
  EXPECT_EQ(ReadAll(*file), std::string("hEllo\0\0\0world", 13));
  EXPECT_EQ(file->Size().value(), 13u);
  char byte[4];
  EXPECT_EQ(file->Read(11, byte).value(), 2u) << "short at the end";
  EXPECT_EQ(file->Read(100, byte).value(), 0u) << "nothing behind it";
  EXPECT_TRUE(file->Sync().ok());
}

TEST_P(FileSystemTest, AllocatesAndTruncates) {
  const std::unique_ptr<File> file = Create("f", "hello");
  ASSERT_TRUE(file->Allocate(10).ok());
  EXPECT_EQ(ReadAll(*file), std::string("hello\0\0\0\0\0", 10));
  ASSERT_TRUE(file->Allocate(4).ok());
  EXPECT_EQ(file->Size().value(), 10u) << "never smaller";
  ASSERT_TRUE(file->Truncate(2).ok());
  EXPECT_EQ(ReadAll(*file), "he");
}

TEST_P(FileSystemTest, OpensByMode) {
  EXPECT_TRUE(absl::IsNotFound(files_->Open(Path("f"), OpenMode::kRead).status()));
  EXPECT_TRUE(absl::IsNotFound(files_->Open(Path("f"), OpenMode::kReadWrite).status()));
  Create("f", "hello");
  EXPECT_EQ(ReadAll(**files_->Open(Path("f"), OpenMode::kRead)), "hello");
  EXPECT_EQ(ReadAll(**files_->Open(Path("f"), OpenMode::kCreate)), "hello") << "not emptied";
}

TEST_P(FileSystemTest, NamesAreListedRenamedAndRemoved) {
  Create("b");
  const std::unique_ptr<File> a = Create("a", "first");
  EXPECT_THAT(files_->List(directory_).value(), ElementsAre("a", "b"));
  ASSERT_TRUE(files_->Rename(Path("a"), Path("b")).ok());
  EXPECT_THAT(files_->List(directory_).value(), ElementsAre("b"));
  EXPECT_EQ(ReadAll(**files_->Open(Path("b"), OpenMode::kRead)), "first");
  ASSERT_TRUE(files_->Remove(Path("b")).ok());
  EXPECT_THAT(files_->List(directory_).value(), IsEmpty());
  EXPECT_EQ(ReadAll(*a), "first") << "an open file stays";
  EXPECT_TRUE(absl::IsNotFound(files_->Remove(Path("b"))));
  EXPECT_TRUE(absl::IsNotFound(files_->Rename(Path("b"), Path("c"))));
  EXPECT_TRUE(files_->SyncDirectory(directory_).ok());
  EXPECT_TRUE(absl::IsNotFound(files_->List(Path("nowhere")).status()));
}

TEST_P(FileSystemTest, ADirectoryThatIsThereIsFine) {
  Create("f");
  EXPECT_TRUE(files_->CreateDirectory(directory_).ok());
  EXPECT_THAT(files_->List(directory_).value(), ElementsAre("f"));
}

TEST_P(FileSystemTest, LocksExcludeAlsoWithinTheProcess) {
  {
    const auto shared = files_->Lock(directory_, LockMode::kShared);
    ASSERT_TRUE(shared.ok()) << shared.status();
    EXPECT_TRUE(files_->Lock(directory_, LockMode::kShared).ok());
    EXPECT_TRUE(
        absl::IsFailedPrecondition(files_->Lock(directory_, LockMode::kExclusive).status()));
  }
  const auto exclusive = files_->Lock(directory_, LockMode::kExclusive);
  ASSERT_TRUE(exclusive.ok()) << exclusive.status();
  EXPECT_TRUE(absl::IsFailedPrecondition(files_->Lock(directory_, LockMode::kShared).status()));
  EXPECT_TRUE(absl::IsNotFound(files_->Lock(Path("nothing"), LockMode::kShared).status()));
}

INSTANTIATE_TEST_SUITE_P(
    FileSystems, FileSystemTest,
    testing::Values(std::pair<const char*, MakeFileSystem>(
                        "Posix", [] { return std::make_unique<PosixFileSystem>(); }),
                    std::pair<const char*, MakeFileSystem>(
                        "InMemory", [] { return std::make_unique<FaultInjectingFileSystem>(); })),
    [](const auto& test) { return test.param.first; });

class CrashTest : public testing::Test {
 protected:
  CrashTest() { EXPECT_TRUE(files_.CreateDirectory("/d").ok()); }
  std::unique_ptr<File> Open(const std::string& path) {
    return files_.Open(path, OpenMode::kCreate).value();
  }
  FaultInjectingFileSystem files_;
};

TEST_F(CrashTest, SyncedBytesAndNamesSurvive) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const std::string path = fmt::format("/d/{}", seed);
    const std::unique_ptr<File> file = Open(path);
    ASSERT_TRUE(file->Write(0, "safe").ok());
    ASSERT_TRUE(file->Sync().ok());
    ASSERT_TRUE(files_.SyncDirectory("/d").ok());
    files_.Crash(seed);
    EXPECT_EQ(files_.Contents(path), "safe");
    EXPECT_TRUE(absl::IsUnavailable(file->Write(0, "late"))) << "the handle is dead";
  }
}

TEST(MountTest, ADeadProcessChangesNothing) {
  const auto disk = std::make_shared<FaultInjectingFileSystem>();
  ASSERT_TRUE(disk->CreateDirectory("/d").ok());
  disk->SetContents("/d/f", "old");
  const std::unique_ptr<FileSystem> before = FaultInjectingFileSystem::Mount(disk);
  EXPECT_TRUE(before->Open("/d/f", OpenMode::kRead).ok());
  disk->Kill();
  const std::unique_ptr<FileSystem> after = FaultInjectingFileSystem::Mount(disk);
  EXPECT_TRUE(absl::IsUnavailable(before->Open("/d/f", OpenMode::kCreate).status()));
  EXPECT_TRUE(absl::IsUnavailable(before->Rename("/d/f", "/d/g")));
  EXPECT_TRUE(absl::IsUnavailable(before->Remove("/d/f")));
  EXPECT_TRUE(absl::IsUnavailable(before->SyncDirectory("/d")));
  EXPECT_TRUE(absl::IsUnavailable(before->List("/d").status()));
  EXPECT_TRUE(absl::IsUnavailable(before->Lock("/d", LockMode::kExclusive).status()));
  EXPECT_TRUE(after->Rename("/d/f", "/d/g").ok());
  EXPECT_EQ(disk->Contents("/d/g"), "old");
}

TEST_F(CrashTest, UnsyncedBytesAndNamesSurviveSometimes) {
  int bytes = 0, names = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    files_.SetContents("/d/f", "old");
    ASSERT_TRUE(Open("/d/f")->Write(0, "new").ok());
    Open("/d/g");
    files_.Crash(seed);
    bytes += files_.Contents("/d/f") == "new" ? 1 : 0;
    names += files_.List("/d").value().size() == 2 ? 1 : 0;
    files_.Remove("/d/g").IgnoreError();
    ASSERT_TRUE(files_.SyncDirectory("/d").ok());
  }
  EXPECT_GT(bytes, 20);
  EXPECT_LT(bytes, 180);
  EXPECT_GT(names, 20);
  EXPECT_LT(names, 180);
}

TEST_F(CrashTest, PagesAreLostInAnyCombination) {
  bool second_without_first = false;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    files_.SetContents("/d/f", std::string(8192, 'o'));
    ASSERT_TRUE(Open("/d/f")->Write(0, std::string(8192, 'n')).ok());
    files_.Crash(seed);
    const std::string after = files_.Contents("/d/f");
    second_without_first |= after[0] == 'o' && after[8191] == 'n';
  }
  EXPECT_TRUE(second_without_first);
}

TEST_F(CrashTest, AFailedSyncDropsItsPagesForGood) {
  files_.SetContents("/d/f", "old");
  const std::unique_ptr<File> file = Open("/d/f");
  ASSERT_TRUE(file->Write(0, "new").ok());
  files_.FailOperations(FileOperation::kSync, 1, 1, absl::UnavailableError("broken"));
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_EQ(files_.Contents("/d/f"), "new") << "still in memory";
  files_.Crash(1);
  EXPECT_EQ(files_.Contents("/d/f"), "old");
}

TEST_F(CrashTest, CrashesInPlaceOfAnOperation) {
  const std::unique_ptr<File> file = Open("/d/f");
  ASSERT_TRUE(files_.SyncDirectory("/d").ok());
  files_.CrashAt(FileOperation::kSync, 2, 1);
  ASSERT_TRUE(file->Write(0, "safe").ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_TRUE(absl::IsUnavailable(file->Sync()));
  EXPECT_TRUE(absl::IsUnavailable(file->Write(0, "late")));
  EXPECT_EQ(files_.Contents("/d/f"), "safe");
}

TEST_F(CrashTest, AKillKeepsEverythingWritten) {
  const std::unique_ptr<File> file = Open("/d/f");
  ASSERT_TRUE(file->Write(0, "new").ok());
  const auto lock = files_.Lock("/d", LockMode::kExclusive);
  files_.Kill();
  EXPECT_EQ(files_.Contents("/d/f"), "new");
  EXPECT_TRUE(files_.Lock("/d", LockMode::kExclusive).ok()) << "a dead process holds no lock";
  EXPECT_TRUE(absl::IsUnavailable(file->Sync()));
}

TEST_F(CrashTest, FailsTheOperationsThatItWasAskedTo) {
  const std::unique_ptr<File> file = Open("/d/f");
  files_.FailOperations(FileOperation::kWrite, 2, 2, absl::UnavailableError("broken"));
  EXPECT_TRUE(file->Write(0, "one").ok());
  EXPECT_FALSE(file->Write(0, "twotwo").ok());
  EXPECT_EQ(files_.Contents("/d/f"), "two") << "half of it";
  EXPECT_FALSE(file->Write(0, "three").ok());
  EXPECT_TRUE(file->Write(0, "four").ok());
  EXPECT_EQ(files_.Count(FileOperation::kWrite), 4);
}

TEST_F(CrashTest, ADiskIsFullAtItsCapacity) {
  const std::unique_ptr<File> file = Open("/d/f");
  files_.SetCapacity(10);
  EXPECT_TRUE(file->Write(0, "0123456789").ok());
  EXPECT_TRUE(absl::IsResourceExhausted(file->Write(10, "x")));
  EXPECT_TRUE(absl::IsResourceExhausted(file->Allocate(11)));
  EXPECT_TRUE(file->Write(0, "overwritten").code() == absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(file->Write(0, "fits").ok());
  ASSERT_TRUE(file->Truncate(5).ok());
  EXPECT_TRUE(file->Write(5, "again").ok());
}

}  // namespace
}  // namespace tidegate::storage
