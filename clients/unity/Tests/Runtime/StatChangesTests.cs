using System;
using System.Linq;
using NUnit.Framework;

namespace Statkeep.Tests
{
    public sealed class StatChangesTests
    {
        [Test]
        public void AddsWhatIsThereForTheSameStat()
        {
            StatChanges changes = new StatChanges { { Stat.MeleeAtkXp, 20 }, { Stat.MeleeAtkXp, 5 } };
            Assert.AreEqual(25, changes[Stat.MeleeAtkXp]);
            Assert.AreEqual(1, changes.Count);
        }

        [Test]
        public void RefusesWhatTheServiceCannotRead()
        {
            StatChanges changes = new StatChanges { { Stat.MeleeAtkXp, 9007199254740991 } };
            Assert.Throws<ArgumentOutOfRangeException>(() => changes.Add(Stat.MeleeAtkXp, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => changes.Add(Stat.HealthXp, long.MinValue));
            Assert.AreEqual(9007199254740991, changes[Stat.MeleeAtkXp]);
        }

        [Test]
        public void GivesTheSameBytesInAnyOrder()
        {
            StatChanges one = new StatChanges { { Stat.MeleeAtkXp, 1 }, { Stat.BlockXp, 2 } };
            StatChanges other = new StatChanges { { Stat.BlockXp, 2 }, { Stat.MeleeAtkXp, 1 } };
            Assert.AreEqual(Bodies.ChangeStats(one), Bodies.ChangeStats(other));
            Assert.AreEqual(Stat.BlockXp, one.First().Key);
        }
    }
}
